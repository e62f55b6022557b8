/** Die Texte der Seite auf Deutsch. */
import type { Texts } from './en';

export const de: Texts = {
  title: 'Training und Inferenz im Vergleich',
  lead: 'Ein Satz, ein kleines GPT, zwei Betriebsarten. Alles wird hier auf der Seite berechnet; '
    + 'nichts wird irgendwohin gesendet.',
  language: 'Sprache',
  skip: 'Zu den Schaltflächen der Inferenz springen',
  loading: 'Das Modell wird geladen …',

  trainingTitle: 'Training: ALLE → ALLE',
  trainingLead: 'Ein Durchlauf liest alle Tokens. Jede Position sagt das nächste voraus, und jede '
    + 'Vorhersage wird mit dem tatsächlichen Token verglichen.',
  inferenceTitle: 'Inferenz: EINS → EINS',
  inferenceLead: 'Jeder Durchlauf ergibt ein Token. Es wird angehängt, und der nächste Durchlauf '
    + 'liest es.',
  sentence: 'Satz für das Training',
  prompt: 'Prompt',
  read: 'Einlesen',

  reads: 'liest',
  attends: 'beachtet',
  predicts: 'soll vorhersagen',
  loss: 'Verlust',
  positions: 'Positionen des Satzes',
  meanLoss: 'Mittlerer Verlust {loss} nat; der exakte Wert der Sprache ist {exact}.',
  meanLossAlone: 'Mittlerer Verlust {loss} nat.',
  causal: 'Kausale Maske',
  causalOn: 'Mit der Maske beachtet jede Position nur sich selbst und frühere: das Dreieck.',
  causalOff: 'Ohne Maske sieht jede Position die Tokens nach ihr, also auch die Antwort. Dieses '
    + 'Modell wurde so trainiert: Es schreibt ab, und seine Verluste fallen fast auf null, außer '
    + 'an der letzten Position, deren Antwort nicht in der Eingabe steht. Das ist Schummeln.',
  causalOffUntaught:
    'Ohne Maske sieht jede Position auch die Tokens nach ihr. Dieses Modell wurde aber '
    + 'mit Maske trainiert: Was danach kommt, hat es nie gelesen, deshalb kann es nicht '
    + 'schummeln, und sein mittlerer Verlust steigt.',
  trainStep: 'Ein Trainingsschritt',
  undoSteps: 'Schritte zurücknehmen',
  stepsNone:
    'Ein Trainingsschritt mit diesem Satz verändert die Verluste aller Positionen zugleich.',
  stepsDone: 'Trainingsschritte mit diesem Satz: {steps}. Mittlerer Verlust {before} → {after}; '
    + '{fallen} von {count} Verlusten sind gesunken.',
  attendedAt: '„{token}“ beachtet am meisten: {list}.',
  layer: 'Schicht',
  head: 'Kopf',

  step: 'Schritt',
  back: 'Zurück',
  play: 'Abspielen',
  pause: 'Pause',
  restart: 'Von vorn',
  context: 'Kontext',
  contextLead: 'Der Kontext, den der nächste Durchlauf liest',
  fedBack: 'Durchlauf {pass}: gelesene Tokens: {tokens}; gewählt: „{token}“. Es gehört jetzt zum '
    + 'Kontext.',
  notStarted: 'Noch ist nichts erzeugt. „Schritt“ startet den ersten Durchlauf.',
  ended: 'Ende: „{token}“ wurde gewählt.',
  endedByLimit: 'Ende: Die Höchstzahl neuer Tokens, {count}, ist erreicht.',
  searchGoesOn:
    'Durchlauf {pass} von {passes}: Diese Folge ist beendet, aber ein anderer Beam kann '
    + 'noch gewinnen.',
  ofPrompt: 'Prompt',
  ofModel: 'erzeugt',
  attendedByLast:
    'Die Striche: wie sehr „{token}“, das letzte, jedes beachtet (Schicht {layer}, Kopf {head}).',
  computedNow: 'in diesem Durchlauf berechnet',
  fromCache: 'aus dem Cache',

  distribution: 'Nächstes Token',
  distributionAt: 'Verteilung nach „{token}“, alle {count} Tokens',
  distributionOf: 'Verteilung von Durchlauf {pass}, alle {count} Tokens',
  model: 'Modell',
  processed: 'nach den Einstellungen',
  exact: 'Sprache, exakt',
  token: 'Token',
  chosen: 'gewählt',
  target: 'Ziel',

  counter: 'Aufwand',
  passes: 'Durchläufe',
  tokensRead: 'gelesene Tokens',
  flops: 'FLOPs',
  milliseconds: 'ms (gemessen)',
  training: 'Training',
  inference: 'Inferenz',

  road: 'Dieselben Zahlen auf drei Wegen',
  difference: 'größter Unterschied',
  parallel: 'parallel',
  serial: 'seriell',
  cached: 'mit Cache',
  roadParallel: 'Ein Durchlauf unter der Maske.',
  roadSerial: 'Ein Durchlauf für jedes Präfix, jedes Mal von vorn.',
  roadCached: 'Ein Durchlauf für jedes Token, mit KV-Cache.',
  roadEqual: 'Alle sind gleich: Ihre Logits unterscheiden sich um höchstens {difference}, das '
    + 'ist Rundung.',
  roadDifferent: 'Sie unterscheiden sich um bis zu {difference}: Ohne Maske ist ein Präfix nicht '
    + 'dasselbe wie das Ganze.',
  roadComputes: 'Positionen, die jeder Durchlauf berechnet',
  recomputed: 'noch einmal berechnet',
  computed: 'berechnet',
  pass: 'Durchlauf',
  noSuchRoad: 'Ohne Maske gibt es keinen Cache: Ein neues Token würde alle früheren ändern.',

  panels: 'Mehr',
  panelModes: 'Schließen',
  panelVectors: 'Vektoren',
  panelDecoding: 'Dekodierung',
  panelBeams: 'Beams',
  panelRoads: 'Drei Wege',
  panelCache: 'KV-Cache',
  panelBatch: 'Zwei Prompts',
  panelDropout: 'Dropout angelassen',
  panelPresets: 'Beispiele',

  vectorsLead: 'Jede Zeile ist eine Position, jede Spalte eine von {width} Zahlen. Die Farbe zeigt '
    + 'Vorzeichen und Größe; „{token}“ steht an Position {position}.',
  vectorsNewest: 'Jede Zeile ist eine Position des Kontexts bei diesem Schritt. Das neueste Token, '
    + '„{token}“, steht an Position {position}; kein späteres Token ändert diese Zeilen.',
  scale: 'Von negativ nach positiv; Zahlen jenseits eines Endes haben dessen Farbe.',
  embedding: 'Embedding',
  afterLayer: 'Nach Schicht {layer}',
  logits: 'Logits',
  logitsLead: 'Der letzte Vektor ergibt mit der Token-Tabelle multipliziert ein Logit für jedes '
    + 'Token.',
  vectorOf: '{name} an Position {position}',
  eightLead:
    'Acht Tokens mit je vier Zahlen, wie in 16.0: Der eine Durchlauf ergibt die Zahlen des '
    + 'Beispiels, der größte Unterschied ist {difference}.',
  hiddenStates: 'Hidden States',
  given: 'wie angegeben',
  eightPass: 'Durchlauf {pass}, gelesene Tokens: {count}. Sein letzter Hidden State ist der des '
    + 'einen Durchlaufs.',

  strategy: 'Strategie',
  greedy: 'greedy',
  sampling: 'Sampling',
  beams: 'Beams',
  temperature: 'Temperatur',
  topK: 'Top-k (0: aus)',
  topP: 'Top-p (1: aus)',
  minP: 'Min-p (0: aus)',
  repetitionPenalty: 'Wiederholungsstrafe (1: aus)',
  numBeams: 'Anzahl der Beams',
  lengthPenalty: 'Längenstrafe',
  seed: 'Seed',
  maxNewTokens: 'Höchstzahl neuer Tokens',
  resetDecoding: 'Alles zurücksetzen',
  refused: 'Nur ganze Zahlen von {from} bis {to}; es bleibt bei {value}.',

  beamsLead: '{count} Beams: In jedem Schritt bleiben die besten Fortsetzungen aller Beams, die '
    + 'anderen werden abgeschnitten (grau).',
  beamsScores:
    'In jedem Kasten steht ln p der neuen Tokens; ein Score ist ln p geteilt durch deren '
    + 'Anzahl hoch Längenstrafe.',
  beamsBeside: 'Die Inferenz oben dekodiert anders; das hier ist eine Suche vom selben Prompt aus.',
  useBeams: 'Mit Beams dekodieren',
  beamsPass: 'Durchläufe bisher: {pass} von {passes}.',
  beamsTree: 'Baum der Beam-Suche nach {pass} von {passes} Durchläufen, {nodes} Folgen.',
  beamsResults: 'Bisher beendet, die besten zuerst, jeweils mit ihrem Score:',
  fateOpen: 'fortgesetzt',
  fatePruned: 'abgeschnitten',
  fateFinished: 'beendet',
  fateWon: 'gewonnen',

  useCache: 'KV-Cache',
  cacheOn: 'Mit Cache berechnet ein Durchlauf nur das neue Token; Keys und Values der anderen '
    + 'werden gelesen.',
  cacheOff: 'Ohne Cache berechnet jeder Durchlauf alle Positionen neu. Was ein früherer Durchlauf '
    + 'schon berechnet hatte, ist hervorgehoben.',
  cacheSum: 'Bis hier berechnete Positionen: {computed}; davon noch einmal: {recomputed}.',
  beamsRows: 'Bei Beams steht hier nur der Gewinner. Jeder Durchlauf liest {rows} Zeilen, eine '
    + 'für jeden Beam, deshalb zählt der Aufwand {rows}-mal so viele Tokens.',

  secondPrompt: 'Zweiter Prompt',
  batchNone: 'Geben Sie einen zweiten Prompt anderer Länge ein: Der kürzere wird aufgefüllt.',
  batchGreedy: 'Beide Zeilen werden greedy dekodiert, gleich welche Strategie gewählt ist.',
  batchEnded: 'Gezeigt wird Schritt {step}: Im nächsten endet eine Zeile.',
  tryBatch: '„{prompt}“ versuchen',
  padding: 'Padding',
  paddingCorrect: 'richtig: links, mit Maske und Positionen',
  paddingRight: 'Fehler: rechts aufgefüllt',
  paddingNoMask: 'Fehler: keine Attention-Maske',
  paddingNoShift: 'Fehler: Positionen zählen das Padding mit',
  paddingMaskOnce: 'Fehler: Maske nur im ersten Durchlauf',
  mask: 'Maske',
  positionId: 'Position',
  openLead: 'Gefüllt: Die Position der Zeile darf die der Spalte lesen.',
  openCells: 'Paare von Positionen, von denen eine die andere lesen darf: {count}',
  batchError: 'Größte Abweichung von einzeln gelesenen Prompts',
  ofProbabilities: 'der Wahrscheinlichkeiten',
  ofLogits: 'der Logits',
  nextInBatch: 'als Nächstes, im Batch',
  nextAlone: 'als Nächstes, allein',

  dropoutSwitch: 'Dropout eingeschaltet lassen',
  dropoutLead: 'Dieselbe Frage dreimal. Mit Dropout ({rate} der Werte fallen zufällig weg) sind '
    + 'die Antworten verschieden; im Inferenzmodus sind sie gleich.',
  answer: 'Antwort {number}',
  withDropout: 'Dropout an',
  withoutDropout: 'Dropout aus',
  question: 'Frage: {question}',

  presetsLead: 'Jeder Link führt zu einem Moment eines Laufs.',
  questions: 'Drei Fragen, die sich alle stellen',
  moments: 'Die Hauptbilder der Notebooks',
  runLongPrompt: 'ein langer Prompt',
  runTurn: 'Runde {number}',
  runSummary: 'eine Zusammenfassung',
  runStory: 'eine Geschichte',
  run: 'Lauf',
  promptTokens: 'Tokens des Prompts',
  newTokens: 'neue Tokens',
  firstPass: 'erster Durchlauf: FLOPs',
  laterPasses: 'spätere Durchläufe: FLOPs',
  'preset eight-tokens': 'Acht Tokens mit je vier Zahlen und ihre Hidden States',
  'preset 16.0': '16.0 Acht Tokens von Hand: was „learning“ beachtet, und drei Durchläufe',
  'preset 16.1': '16.1 Training und Inferenz: ein Satz in beiden Betriebsarten',
  'preset 16.2': '16.2 Ohne kausale Maske schummelt das Training',
  'preset 16.3': '16.3 Das erste Token: Prompt, Verteilung, Wahl',
  'preset 16.4': '16.4 Die generate-Schleife, vom Prompt bis zum Endtoken',
  'preset 16.5': '16.5 Zwei Prompts ohne Attention-Maske, und der Fehler',
  'preset 16.6': '16.6 Ohne KV-Cache: was noch einmal berechnet wird',
  'preset 16.7': '16.7 Sechs Beams finden den wahrscheinlichsten Satz',
  'preset 16.8': '16.8 Zwei Enden, die man nicht mischen kann, jedes etwa halb so oft',
  'preset 16.9': '16.9 Dieselben Zahlen auf drei Wegen',
  'preset pause': 'Warum kommt erst eine Pause und dann ein Strom von Wörtern?',
  'preset chat': 'Warum kostet ein langer Chat mehr?',
  'preset summary': 'Warum lässt eine Zusammenfassung lange warten und ist dann kurz?',
  'answer pause': 'Der erste Durchlauf liest den ganzen Prompt, und bis er endet, gibt es nichts '
    + 'zu zeigen. Jeder spätere liest ein Token.',
  'answer chat': 'Jede Runde beginnt mit einem Durchlauf über alles, was bisher gesagt wurde.',
  'answer summary': 'Ihr langer Prompt ist ein großer Durchlauf, ihre kurze Antwort braucht '
    + 'wenige kleine. Bei einer Geschichte ist es umgekehrt.',
  example: 'Beispiel',
  examplePullRequests: 'Pull Requests',
  exampleEightTokens: 'acht Tokens, d = 4',

  brokenLink: 'Dieser Link führt nirgendwohin. {problem} Die Seite zeigt stattdessen den Anfang.',
  unknownKey: 'Er enthält „{key}“, das die Seite nicht kennt.',
  misspeltKey: 'Er enthält „{key}“; vielleicht ist „{nearest}“ gemeint.',
  wrongChoice: '„{key}“ kann nicht „{given}“ sein. Erlaubt: {allowed}.',
  wrongInteger: '„{key}“ kann nicht „{given}“ sein. Erlaubt: ganze Zahlen von {from} bis {to}.',
  wrongNumber: '„{key}“ kann nicht „{given}“ sein. Erlaubt: Zahlen von {from} bis {to}.',
  goOn: 'Von vorn beginnen',
  promptTooLong:
    'Bei so vielen neuen Tokens darf der Prompt höchstens {most} haben, er hat {tokens}.',
  sentenceTooLong: 'Der Satz darf höchstens {most} Tokens haben, er hat {tokens}.',
  sentenceTooShort: 'Der Satz braucht mindestens zwei Tokens, er hat {tokens}.',
  sentenceEmpty: 'Der Satz ist leer: Schreiben Sie mindestens zwei Wörter.',
  promptEmpty: 'Der Prompt ist leer: Schreiben Sie mindestens ein Wort.',
  unknownWord: 'Das kennt das Modell nicht: {words}.',
  wordWithNearest: '„{word}“ (vielleicht „{nearest}“)',
  quoted: '„{word}“',
  comma: ', ',
  andMore: ' und {count} weitere',
  fileMissing: 'Das ließ sich nicht berechnen: Die Datei {file} konnte nicht geladen werden.',
  trouble:
    'Das ließ sich wegen eines Fehlers der Seite nicht berechnen. Einzelheiten stehen in der '
    + 'Konsole des Browsers.',
  tryAgain: 'Seite neu laden',
  noWebAssembly:
    'Dieser Browser hat kein WebAssembly, deshalb rechnet JavaScript: Alles geht, aber '
    + 'langsamer. Ein aktueller Firefox, Chromium, Chrome, Edge oder Safari ist schneller.',
  noBackend: 'WebAssembly ist in diesem Browser nicht gestartet, deshalb rechnet JavaScript: Alles '
    + 'geht, aber langsamer.',
  noSimd: 'Das WebAssembly dieses Browsers hat kein SIMD, deshalb rechnen langsamere Kernel: Alles '
    + 'geht, und die letzten Stellen der Zahlen können abweichen.',
  footer: 'Teil eines Kurses über Training und Inferenz. Das Modell: Schichten {layers}, Köpfe '
    + '{heads}, Breite {width}.',

  saidPosition: 'Position {position}, „{token}“: Verlust {loss} nat.',
  saidStep: 'Durchlauf {pass}: „{token}“ gewählt, Wahrscheinlichkeit {probability}.',
  saidMask: 'Kausale Maske {state}. Mittlerer Verlust {loss} nat.',
  saidTraining: 'Trainingsschritte: {steps}. Mittlerer Verlust {loss} nat.',
  saidPrompt: 'Tokens des Prompts: {tokens}.',
  saidPanel: 'Geöffnet: {panel}.',
  saidClosed: 'Geschlossen: {panel}.',
  saidRoad: '{road}; Durchläufe: {passes}, gelesene Tokens: {tokens}.',
  saidOther: '{name}: {value}.',
  emptyText: 'keiner',
  on: 'an',
  off: 'aus',
};
