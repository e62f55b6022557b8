/**
 * The rules of the little language: sentences about agents and pull requests, with the percentage
 * of every choice. These numbers determine the exact probability of every next word, the lowest
 * loss that any model can reach, the most probable sentence, and the exact effect of every way of
 * decoding.
 *
 * How to read a rule: `event: [[70, 'the {date} .'], …]` means that 70 in 100 events are "the",
 * then an alternative of the rule `date`, then a full stop. A rule with a name that ends in `@` is
 * written once and holds for each of the subjects: in it `@pronoun`, `@own` and `@was` are that
 * subject's words, so a sentence that begins with "The agents" has "they", "their" and "were" ten
 * words later. "The reviewer" may be she or he: until a word decides, both are possible, each with
 * its probability.
 *
 * The comments name what a passage demonstrates; tests check that.
 */
import type { Rules } from './compile-grammar';

/** The subject of a sentence, and the words that refer back to it. */
interface Subject {
  name: string;
  pronoun: string;
  own: string;
  was: string;
}

const agents: Subject[] = [
  { name: 'Agent', pronoun: 'it', own: 'its', was: 'was' },
  { name: 'Agents', pronoun: 'they', own: 'their', was: 'were' },
];

const reviewers: Subject[] = [
  { name: 'ReviewerShe', pronoun: 'she', own: 'her', was: 'was' },
  { name: 'ReviewerHe', pronoun: 'he', own: 'his', was: 'was' },
  { name: 'Reviewers', pronoun: 'they', own: 'their', was: 'were' },
];

const aboutAnything: Rules = {
  sentence: [
    [30, 'The agent {agentDid@Agent}'],
    [15, 'The agents {agentDid@Agents}'],
    [12, 'The reviewer {reviewerDid@ReviewerShe}'],
    [8, 'The reviewer {reviewerDid@ReviewerHe}'],
    [8, 'The reviewers {reviewerDid@Reviewers}'],
    [12, 'The pull request {requestDid}'],
    [8, 'The tests {testsDid}'],
    [7, 'Summarize {summary}'], // a prompt of one token
  ],

  // The same words in another order: "The pull request approved the agent ." is possible, a hundred
  // times rarer.
  requestDid: [
    [32, 'was approved by the {person} .'],
    [27.9, 'was merged {modes}'],
    [20, 'was closed on {day} .'],
    [20, 'fixed the {fixable} .'],
    [0.1, 'approved the agent .'],
  ],

  // A dependency over a long distance: whether the tests failed or passed determines what was done
  // eight words later.
  testsDid: [
    [50, 'failed {when} , so the {person} {afterFailure}'],
    [50, 'passed {when} , so the {person} {afterSuccess}'],
  ],
  when: [[60, 'on {day}'], [40, 'before the {date}']],
  afterFailure: [[50, 'fixed the bug .'], [30, 'closed the pull request .'], [
    20,
    'asked for help .',
  ]],
  afterSuccess: [[60, 'merged the change {modes}'], [40, 'approved the pull request .']],

  summary: [[50, 'the pull request {reader}'], [30, 'the issue {reader}'], [
    20,
    'the review {reader}',
  ]],
  reader: [[50, 'for the {person} .'], [30, '.'], [12, 'in one sentence .'], [
    8,
    'in two sentences .',
  ]],

  // Two endings of equal length whose words cannot be mixed: "to the last release" is impossible.
  modes: [[50, 'to the main branch .'], [50, 'for the last release .']],

  content: [[45, 'fixed the {fixable} .'], [30, 'closed an issue .'], [25, 'removed old code .']],
  attachment: [[36, 'new tests .'], [34, 'a short summary .'], [30, 'two small changes .']],
  place: [[55, 'the {kind} repository .'], [45, 'the {kind} branch .']],
  event: [[70, 'the {date} .'], [30, 'the tests passed .']],
  date: [[30, 'release'], [26, 'deadline'], [24, 'meeting'], [20, 'weekend']],
  day: [[28, 'Friday'], [24, 'Monday'], [18, 'Tuesday'], [16, 'Thursday'], [14, 'Wednesday']],
  person: [[26, 'reviewer'], [22, 'team'], [20, 'agent'], [18, 'author'], [14, 'agents']],
  fixable: [[36, 'bug'], [26, 'tests'], [20, 'docs'], [18, 'build']],
  kind: [[40, 'main'], [32, 'public'], [28, 'old']],
  state: [[30, 'happy .'], [26, 'late .'], [24, 'away .'], [20, 'right .']],
  found: [[40, 'a bug'], [35, 'an error'], [25, 'two mistakes']],
  work: [[40, 'work'], [35, 'tests'], [25, 'review']],
  answer: [[30, 'approval'], [26, 'feedback'], [24, 'help'], [20, 'advice']],
};

const aboutAgents: Rules = {
  'agentDid@': [
    [40, 'opened {opened@}'],
    [12, 'approved {approved@}'],
    [12, 'fixed the {fixable} {fixed@}'],
    [10, 'closed the issue {closed@}'],
    [9, 'wrote {written@}'],
    [9, 'waited {waited@}'],
    // agreement across a clause: "The agents that … were"
    [8, 'that opened the pull request @was {state}'],
  ],
  'fixed@': [[45, '.'], [30, 'and @pronoun {laterDid@}'], [25, 'before {event}']],
  'written@': [[40, 'new tests {end@}'], [35, 'a short summary {end@}'], [25, 'the docs {end@}']],
};

const aboutReviewers: Rules = {
  'reviewerDid@': [
    [34, 'approved {approved@}'],
    [20, 'merged the change {modes}'],
    [12, 'asked the agent for {answer} {end@}'],
    [10, 'closed the issue {closed@}'],
    [10, 'opened {opened@}'],
    [8, 'waited {waited@}'],
    [6, 'that opened the pull request @was {state}'],
  ],
};

const aboutAnyone: Rules = {
  'opened@': [[85, 'a pull request {request@}'], [15, 'an issue {end@}']],

  // The running example: after "The agent opened a pull request" the next word is "for" in 18 of
  // 100, "to" in 12, …
  'request@': [
    [18, 'for {purpose@}'],
    [12, 'to {goal@}'],
    [11, 'and {next@}'],
    [11, 'that {content}'],
    [11, 'with {attachment}'],
    [10, 'in {place}'],
    [9, 'on {day} .'],
    [7, 'before {event}'],
    [5, 'after {event}'],
    [4, 'because {reason@}'],
    [2, '.'],
  ],
  'purpose@': [
    [34, 'review {review@}'],
    [15, 'approval {end@}'],
    [13, 'testing {end@}'],
    [11, 'feedback {end@}'],
    [10, 'the {date} .'],
    [9, 'discussion .'],
    [8, 'a second opinion .'],
  ],
  'review@': [
    [46, '.'],
    [18, 'by the {person} .'],
    [14, 'before {event}'],
    [12, 'and {next@}'],
    [10, 'because {reason@}'],
  ],
  // Greedy decoding takes "for", since 18 > 12, but "to fix the bug ." is the most probable
  // completion of the sentence.
  'goal@': [[80, 'fix the bug {goalEnd@}'], [12, 'close an issue {goalEnd@}'], [
    8,
    'add tests {goalEnd@}',
  ]],
  'goalEnd@': [[92, '.'], [8, 'because {reason@}']],

  'next@': [[70, '@pronoun {laterDid@}'], [30, 'then waited {waited@}']],
  'laterDid@': [[45, 'waited {waited@}'], [35, 'finished @own {work} .'], [
    20,
    'asked for {answer} .',
  ]],
  'reason@': [
    [40, '@pronoun found {found} .'],
    [35, '@pronoun finished @own {work} .'],
    [25, 'the {fixable} needed {answer} .'],
  ],
  'end@': [[36, '.'], [26, 'on {day} .'], [22, 'because {reason@}'], [16, 'after {event}']],
  'approved@': [[70, 'the pull request {afterwards@}'], [30, 'the change {afterwards@}']],
  'afterwards@': [[52, '.'], [20, 'because {reason@}'], [14, 'after {event}'], [14, 'on {day} .']],

  // Loops: going on is always a little more probable than stopping, so greedy decoding never ends.
  'waited@': [[55, 'and waited {waited@}'], [45, 'for {answer} .']],
  'closed@': [[55, 'and then opened it again {openedAgain@}'], [30, '.'], [
    15,
    'because {reason@}',
  ]],
  'openedAgain@': [[55, 'and then closed it again {closed@}'], [30, '.'], [
    15,
    'because {reason@}',
  ]],
};

/** Rules about a subject, written out for each subject. */
function writtenOutFor(subjects: readonly Subject[], rules: Rules): Rules {
  const writtenOut = subjects.flatMap(({ name: subject, pronoun, own, was }) => {
    const fill = (text: string): string =>
      text.replaceAll('@pronoun', pronoun).replaceAll('@own', own).replaceAll('@was', was)
        .replaceAll('@}', `@${subject}}`);
    return Object.entries(rules).map(([name, alternatives]) =>
      [
        name + subject,
        alternatives.map(([percent, text]) => [percent, fill(text)] as const),
      ] as const
    );
  });
  return Object.fromEntries(writtenOut);
}

/** All rules; those about a subject are written out for each subject. */
export const pullRequestRules: Rules = {
  ...aboutAnything,
  ...writtenOutFor(agents, aboutAgents),
  ...writtenOutFor(reviewers, aboutReviewers),
  ...writtenOutFor([...agents, ...reviewers], aboutAnyone),
};
