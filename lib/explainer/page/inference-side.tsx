/** Inference, ONE → ONE: a pass for each token, step by step. */
import type { GenerationStep, InferenceView } from '../engine/views';
import { DecodingPanel } from './panels/decoding';
import { Disclosure } from './parts/disclosure';
import { Distribution } from './parts/distribution';
import { TextField } from './parts/field';
import { PassGrid } from './parts/pass-grid';
import { Player } from './parts/player';
import { Switch } from './parts/switch';
import type { PartProps } from './use-views';
import { useWords, type Words } from './words';

export function InferenceSide({ shown: { state: seen, views }, state, update }: PartProps) {
  const { t } = useWords();
  const inference = views.inference!;
  const { steps } = inference;
  const step = Math.min(seen.step, steps.length);
  const pass = steps[step - 1];
  const setStep = (to: number, isStep: boolean): void => update({ step: to }, isStep);
  const label = t('distributionOf', { pass: step, count: pass?.distribution.length ?? 0 });
  return (
    <section class="side inference" id="inference" aria-labelledby="inference-title">
      <h2 id="inference-title">{t('inferenceTitle')}</h2>
      <p>{t('inferenceLead')}</p>
      <TextField
        name="prompt"
        label={t('prompt')}
        state={state}
        update={update}
        also={{ step: 0 }}
      />
      <Player step={step} last={steps.length} set={setStep} />
      <Disclosure
        name={t('panelDecoding')}
        panel="decoding"
        isOpen={state.panel === 'decoding'}
        update={update}
      >
        <DecodingPanel state={state} update={update} />
      </Disclosure>
      <h3>{t('context')}</h3>
      <Context inference={inference} step={step} />
      <p class="note" id="fed-back">{sentenceOf(inference, step, t)}</p>
      <Switch
        name="useCache"
        label={t('useCache')}
        on={state.useCache}
        set={(on) => update({ useCache: on })}
      />
      {pass && (
        <>
          <PassGrid passes={steps.slice(0, step)} tokens={inference.sequence} />
          <h3>{t('distribution')}</h3>
          <p class="note">{label}</p>
          <Distribution
            bars={pass.distribution}
            of={`inference.steps.${step - 1}.distribution`}
            label={label}
            marked={{ id: pass.chosen.id, name: t('chosen') }}
            role="inference"
          />
        </>
      )}
    </section>
  );
}

/** What the last shown pass did. */
function sentenceOf({ steps, sequence, end, prompt }: InferenceView, step: number, t: Words['t']) {
  const pass = steps[step - 1];
  if (!pass) return t('notStarted');
  const { text: token } = pass.chosen;
  const said = t('fedBack', { pass: step, tokens: pass.computed.length, token });
  if (step < steps.length) return said;
  const count = sequence.length - prompt.length;
  return end === 'end token' ? t('ended', { token }) : `${said} ${t('endedByLimit', { count })}`;
}

/** The tokens that the next pass would read; the last one was fed back. */
function Context({ inference, step }: { inference: InferenceView; step: number }) {
  const { t } = useWords();
  const { prompt, sequence, steps } = inference;
  const shown = sequence.slice(0, prompt.length + step);
  const pass = steps[step - 1];
  return (
    <ol class="context" aria-label={t('contextLead')}>
      {shown.map(({ id, text }, i) => {
        const isGenerated = i >= prompt.length;
        const isNew = isGenerated && i === shown.length - 1;
        const name = `chip ${isGenerated ? 'generated' : 'prompt'} ${isNew ? 'new' : ''}`;
        return (
          <li key={i} class={name} data-at={i} data-word={id} title={useOf(pass, i, t)}>
            {text}
            <span class="visually-hidden">, {t(isGenerated ? 'ofModel' : 'ofPrompt')}</span>
          </li>
        );
      })}
    </ol>
  );
}

/** Whether a pass computed a position or read its keys and values. */
function useOf(pass: GenerationStep | undefined, at: number, t: Words['t']): string {
  if (pass?.cached.includes(at)) return t('fromCache');
  return pass?.computed.includes(at) ? t('computedNow') : '';
}
