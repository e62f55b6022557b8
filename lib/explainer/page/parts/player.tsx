/** The buttons that move a run: step, back, start again, and play, which steps by itself. */
import { useEffect, useRef, useState } from 'preact/hooks';
import { useWords } from '../words';
import { Button } from './button';

interface Props {
  step: number;
  last: number;
  /** What is played: another run stops the clock. */
  run: string;
  /** `isStep` false: by the clock, which leaves no entry in the history. */
  set: (step: number, isStep: boolean) => void;
}

/** Milliseconds between two steps: time to read what was chosen. */
const BEAT = 700;

export function Player({ step, last, run, set }: Props) {
  const { t } = useWords();
  const [isPlaying, setPlaying] = useState(false);
  const next = useRef<() => void>(() => undefined);
  next.current = () => {
    if (step < last) set(step + 1, false);
    if (step + 1 >= last) setPlaying(false);
  };
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(() => next.current(), BEAT);
    return () => clearInterval(timer);
  }, [isPlaying]);

  useEffect(() => setPlaying(false), [run]);
  useEffect(() => {
    // A link that is followed, back or forward: the reader wants that moment.
    const stop = (): void => setPlaying(false);
    addEventListener('popstate', stop);
    return () => removeEventListener('popstate', stop);
  }, []);

  const move = (to: number): void => {
    setPlaying(false);
    set(to, true);
  };
  const play = (): void => {
    if (!isPlaying) set(step < last ? step + 1 : 0, true);
    setPlaying(!isPlaying);
  };
  const atEnd = step >= last;
  return (
    <div class="player" role="group" aria-label={t('inference')}>
      <Button id="restart" works={step > 0} onClick={() => move(0)}>{t('restart')}</Button>
      <Button id="back" works={step > 0} onClick={() => move(step - 1)}>{t('back')}</Button>
      <Button id="step" works={!atEnd} isMain onClick={() => move(step + 1)}>{t('step')}</Button>
      <button type="button" id="play" onClick={play}>
        {t(isPlaying ? 'pause' : 'play')}
      </button>
    </div>
  );
}
