/** `--step`: the user decides before each task. */
import type { TaskRef } from '../../core/events.ts';
import type { Controller } from '../../modules/controller.ts';

export class Stepper {
  readonly #prompt: Controller['prompt'];
  #asks: boolean;

  constructor(asks: boolean, prompt: Controller['prompt']) {
    this.#asks = asks;
    this.#prompt = prompt;
  }

  /** Whether the task may run. Without anybody to answer, it may not. */
  async mayRun({ name, role }: TaskRef): Promise<boolean> {
    if (!this.#asks) return true;
    const title = role === undefined ? name : `${role} : ${name}`;
    const question = `Perform task: TASK: ${title} (N)o/(y)es/(c)ontinue: `;
    const answer = (await this.#prompt(question, { echo: true }))?.trim().toLowerCase() ?? '';
    if (answer === 'c' || answer === 'continue') this.#asks = false;
    return !this.#asks || answer === 'y' || answer === 'yes';
  }
}
