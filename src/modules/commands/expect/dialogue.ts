/** What a program asks on its terminal, and what it is answered: texts in, answers out, by the rules of pexpect. */
import { ModuleError } from '../../../core/errors.ts';
import { pythonRegex } from '../../../core/pythonRegex.ts';

/** A text is the answer each time; a list holds one for each time. */
export type Response = string | readonly string[];

interface Question {
  readonly text: string;
  readonly pattern: RegExp;
  readonly response: Response;
}

export class Dialogue {
  readonly #questions: readonly Question[];
  readonly #timesAsked = new Map<Question, number>();
  /** What came since the last question. */
  #unread = '';
  #read = '';

  /** @throws TemplateError when a question is no regular expression. */
  constructor(responses: Readonly<Record<string, Response>>) {
    this.#questions = Object.entries(responses).map(([text, response]) => ({
      text,
      pattern: pythonRegex(text, { dotAll: true }),
      response,
    }));
  }

  /** All that the program printed. */
  get output(): string {
    return this.#read + this.#unread;
  }

  /**
   * The answers, each with its newline, to what is asked now that `text` has come.
   * @throws ModuleError when a list has no answer left.
   */
  hear(text: string): string[] {
    this.#unread += text;
    const answers: string[] = [];
    for (;;) {
      const asked = this.#nextQuestion();
      if (asked === undefined) return answers;
      const heard = this.#unread.slice(0, asked.end);
      answers.push(this.#answerTo(asked.question, heard));
      this.#read += heard;
      this.#unread = this.#unread.slice(asked.end);
      // A pattern that matches nothing would be asked for ever.
      if (heard === '') return answers;
    }
  }

  /** The one that begins first; of several at one place the one named first. */
  #nextQuestion(): { readonly question: Question; readonly end: number } | undefined {
    let next: { question: Question; start: number; end: number } | undefined;
    for (const question of this.#questions) {
      question.pattern.lastIndex = 0;
      const match = question.pattern.exec(this.#unread);
      if (match === null || (next !== undefined && match.index >= next.start)) continue;
      next = { question, start: match.index, end: match.index + match[0].length };
    }
    return next;
  }

  #answerTo(question: Question, heard: string): string {
    const { text, response } = question;
    if (typeof response === 'string') return line(response);
    const times = this.#timesAsked.get(question) ?? 0;
    this.#timesAsked.set(question, times + 1);
    const answer = response[times];
    if (answer !== undefined) return line(answer);
    throw new ModuleError(`No remaining responses for '${text}', output was '${heard}'`);
  }
}

function line(answer: string): string {
  return `${answer.replace(/\n+$/, '')}\n`;
}
