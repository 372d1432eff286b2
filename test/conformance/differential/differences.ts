/** Where drover wants to differ from the ansible-core that the cases run beside, each with its reason. A difference that is gone fails the case. */
export interface Difference {
  /** An entry of the real one's transcript (a line, or a line with the JSON below it), and what drover shows in its place. */
  readonly ansible: string;
  /** Empty where drover shows nothing. */
  readonly drover: readonly string[];
  readonly reason: string;
}

const RESCUES_ALL =
  'From ansible-core 2.16 on, a host that fails under any_errors_fatal sends all hosts to the rescue.';

const KEEPS_SECRETS =
  'What a vault gave is hidden in all that drover prints, wherever it turns up.';

const CONDITION_FALSE = 'Conditional result was False';

/** What `debug: {var: ...}` shows of a value, keys in order. */
function shownBy(host: string, value: unknown, variable: string): string {
  return `ok: [${host}] => ${JSON.stringify({ [variable]: value }, undefined, 4)}`;
}

/** By name of the case. */
export const DIFFERENCES: Readonly<Record<string, readonly Difference[]>> = {
  'any-errors-fatal-rescue': [
    { ansible: 'TASK [not reached]', drover: [], reason: RESCUES_ALL },
    { ansible: shownBy('b', 'not reached', 'msg'), drover: [], reason: RESCUES_ALL },
    {
      ansible: shownBy('a', 'rescued', 'msg'),
      drover: [shownBy('a', 'rescued', 'msg'), shownBy('b', 'rescued', 'msg')],
      reason: RESCUES_ALL,
    },
  ],
  'handlers-flush-handler': [
    {
      ansible: 'exit 1',
      drover: [
        'PLAY RECAP',
        'a : ok=2 changed=2 unreachable=0 failed=0 skipped=0 rescued=0 ignored=0',
        'exit 1',
      ],
      reason: 'What was done before an error that ends the run is told too.',
    },
  ],
  'skipped-result': [
    {
      ansible: shownBy('a', { changed: false, skip_reason: CONDITION_FALSE, skipped: true }, 'r'),
      drover: [
        shownBy(
          'a',
          {
            changed: false,
            false_condition: '1 == 2',
            skip_reason: CONDITION_FALSE,
            skipped: true,
          },
          'r',
        ),
      ],
      reason: 'From ansible-core 2.15 on, a skipped task tells which condition did not hold.',
    },
  ],
  vault: [
    {
      ansible: shownBy('a', 'hello 5', 'msg'),
      drover: [shownBy('a', '[hidden] 5', 'msg')],
      reason: KEEPS_SECRETS,
    },
  ],
};
