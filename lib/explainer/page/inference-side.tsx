/** Inference, ONE → ONE: a pass for each token, step by step. */
import type { InferenceView, TrainingView } from '../engine/views';
import { BeamsNote } from './panels/cache';
import { DecodingPanel } from './panels/decoding';
import { Context, headOf } from './parts/context';
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
  const common = commonOf(views.training!, inference);
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
        also={() => ({ step: 0 })}
      />
      <Player step={Math.min(state.step, steps.length)} last={steps.length} set={setStep} />
      <Disclosure
        name={t('panelDecoding')}
        panel="decoding"
        isOpen={state.panel === 'decoding'}
        update={update}
      >
        <DecodingPanel state={state} update={update} />
      </Disclosure>
      <h3>{t('context')}</h3>
      <Context
        inference={inference}
        step={step}
        head={headOf(views.context, seen)}
        common={common}
      />
      <p class="note" id="fed-back">{sentenceOf(inference, step, t)}</p>
      {pass && (
        <>
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
      <Switch
        name="useCache"
        label={t('useCache')}
        on={state.useCache}
        set={(on) => update({ useCache: on })}
      />
      <BeamsNote state={seen} />
      {pass && (
        <PassGrid
          name={t('inference')}
          passes={steps.slice(0, step)}
          tokens={inference.sequence}
          common={common}
        />
      )}
    </section>
  );
}

/** How many tokens the sentence of training and the run begin with in common. */
function commonOf({ positions }: TrainingView, { sequence }: InferenceView): number {
  const sentence = [...positions.map(({ input }) => input.id), positions.at(-1)!.target.id];
  const end = sequence.findIndex(({ id }, i) => id !== sentence[i]);
  return end < 0 ? sequence.length : end;
}

/** What ended a run. */
export function endOf({ sequence, end, prompt }: InferenceView, t: Words['t']): string {
  return end === 'end token'
    ? t('ended', { token: sequence.at(-1)!.text })
    : t('endedByLimit', { count: sequence.length - prompt.length });
}

/** What the last shown pass did. */
function sentenceOf(inference: InferenceView, step: number, t: Words['t']): string {
  const { steps, end } = inference;
  const pass = steps[step - 1];
  if (!pass) return t('notStarted');
  const { text: token } = pass.chosen;
  const said = t('fedBack', { pass: step, tokens: pass.computed.length, token });
  if (step < steps.length) return said;
  return end === 'end token' ? endOf(inference, t) : `${said} ${endOf(inference, t)}`;
}
