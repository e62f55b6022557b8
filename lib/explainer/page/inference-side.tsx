/** Inference, ONE → ONE: a pass for each token, step by step. */
import type { InferenceView } from '../engine/views';
import { BeamsNote } from './panels/cache';
import { Decoding } from './panels/decoding';
import { Context } from './parts/context';
import { Distribution } from './parts/distribution';
import { TextField } from './parts/field';
import { PassGrid } from './parts/pass-grid';
import { commonOf, passGroup } from './parts/places';
import { Player } from './parts/player';
import { Switch } from './parts/switch';
import type { PartProps } from './use-views';
import { useWords, type Words } from './words';

export function InferenceSide({ shown: { state: seen, views }, state, update }: PartProps) {
  const { t } = useWords();
  const inference = views.inference!;
  const { steps } = inference;
  const step = Math.min(seen.step, steps.length);
  // The tree of the beams may have more passes than the sequence that is shown has tokens.
  const last = Math.max(inference.passes, views.beams ? views.beams.stages.length - 1 : 0);
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
      <Player
        step={Math.min(state.step, last)}
        last={last}
        run={`${state.example} ${state.prompt}`}
        set={setStep}
      />
      <h3>{t('context')}</h3>
      <Context
        inference={inference}
        step={step}
        attended={views.attended}
        common={common}
      />
      <p class="note" id="fed-back">{sentenceOf(inference, seen.step, t)}</p>
      <h3>{t('distribution')}</h3>
      <div class={`choosing ${pass ? 'chosen' : ''}`}>
        {pass && (
          <div class="of-pass">
            <p class="note">{label}</p>
            <Distribution
              bars={pass.distribution}
              of={`inference.steps.${step - 1}.distribution`}
              label={label}
              marked={{ id: pass.chosen.id, name: t('chosen') }}
              role="inference"
            />
          </div>
        )}
        <Decoding state={state} update={update} />
      </div>
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
          groupOf={passGroup}
          common={common}
        />
      )}
    </section>
  );
}

/** What ended a run. */
function endOf({ sequence, end, prompt }: InferenceView, t: Words['t']): string {
  return end === 'end token'
    ? t('ended', { token: sequence.at(-1)!.text })
    : t('endedByLimit', { count: sequence.length - prompt.length });
}

/**
 * What is said after `shown` passes: that the run has ended, or that only the search for a better
 * sequence goes on; nothing while the shown sequence still grows.
 */
export function endAfter(inference: InferenceView, shown: number, t: Words['t']): string {
  const { steps, passes } = inference;
  if (shown < steps.length) return '';
  return shown < passes ? t('searchGoesOn', { pass: shown, passes }) : endOf(inference, t);
}

/** What the last of `shown` passes did. */
function sentenceOf(inference: InferenceView, shown: number, t: Words['t']): string {
  const { steps, end } = inference;
  const step = Math.min(shown, steps.length);
  const pass = steps[step - 1];
  if (!pass) return t('notStarted');
  const { text: token } = pass.chosen;
  const said = t('fedBack', { pass: step, tokens: pass.computed.length, token });
  const ended = endAfter(inference, shown, t);
  if (!ended) return said;
  return end === 'end token' ? ended : `${said} ${ended}`; // no pass reads the end token
}
