/** Links to moments of a run: the notebooks' main pictures, and three questions. */
import type { QuestionView } from '../../engine/views';
import { linkOf, NOTEBOOK_PRESETS, type Preset, PRESETS } from '../../presets';
import type { State } from '../../state';
import { Num } from '../parts/number';
import { Table } from '../parts/table';
import { type TextKey, useWords, type Words } from '../words';

interface Props {
  questions: readonly QuestionView[];
  language: State['language'];
}

export function PresetsPanel({ questions, language }: Props) {
  const { t } = useWords();
  return (
    <>
      <p>{t('presetsLead')}</p>
      <h4>{t('moments')}</h4>
      <ul class="presets">
        {NOTEBOOK_PRESETS.map((preset) => (
          <li key={preset.id}>
            <PresetLink preset={preset} language={language} />
          </li>
        ))}
      </ul>
      <h4>{t('questions')}</h4>
      {questions.map((question, i) => (
        <div key={question.id} class="question">
          <PresetLink
            preset={PRESETS.find(({ id }) => id === question.id)!}
            language={language}
          />
          <p>{t(`answer ${question.id}`)}</p>
          <Runs question={question} of={`questions.${i}.runs`} />
        </div>
      ))}
    </>
  );
}

function PresetLink({ preset, language }: { preset: Preset; language: State['language'] }) {
  const { t } = useWords();
  const { id, state } = preset;
  const link = linkOf({ id, state: { ...state, language } });
  // The panel may close, so the focus goes to the title.
  const focusTitle = (): void => document.querySelector('h1')?.focus();
  return <a href={link} onClick={focusTitle}>{t(`preset ${id}` as TextKey)}</a>;
}

const COLUMNS = ['run', 'promptTokens', 'newTokens', 'firstPass', 'laterPasses'] as const;

/** What the first pass of each run took, and those after it. */
function Runs({ question: { id, runs }, of }: { question: QuestionView; of: string }) {
  const { t } = useWords();
  return (
    <Table
      label={t(`preset ${id}`)}
      columns={COLUMNS.map((key) => t(key))}
    >
      {runs.map(({ id: run, promptTokens, newTokens, first, later }, i) => (
        <tr key={run}>
          <th scope="row">{runName(run, t)}</th>
          <td>
            <Num of={`${of}.${i}.promptTokens`} value={promptTokens} style={0} />
          </td>
          <td>
            <Num of={`${of}.${i}.newTokens`} value={newTokens} style={0} />
          </td>
          <td>
            <Num of={`${of}.${i}.first.flops`} value={first.flops} style="compact" />
          </td>
          <td>
            <Num of={`${of}.${i}.later.flops`} value={later.flops} style="compact" />
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** The name of a run: `turn 3`, or one that stands for itself. */
function runName(run: string, t: Words['t']): string {
  if (run.startsWith('turn')) return t('runTurn', { number: run.replace(/\D/g, '') });
  const names: Record<string, TextKey> = { pause: 'runLongPrompt', summary: 'runSummary',
    story: 'runStory' };
  return t(names[run]!);
}
