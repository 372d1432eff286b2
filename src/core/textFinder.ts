/** Replaces any of many texts in one pass. A regular expression of some hundred alternatives is tens of times slower. */

/** The character codes that may follow, and whether a text ends here. */
interface Step {
  readonly next: Map<number, Step>;
  isEnd: boolean;
}

export class TextFinder {
  readonly #start: Step = newStep();

  get isEmpty(): boolean {
    return this.#start.next.size === 0;
  }

  /** @param text not empty */
  add(text: string): void {
    let step = this.#start;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      const next = step.next.get(code) ?? newStep();
      step.next.set(code, next);
      step = next;
    }
    step.isEnd = true;
  }

  /** From left to right, the longest of the texts at each place. */
  replaceAll(text: string, replacement: string): string {
    const parts: string[] = [];
    let kept = 0;
    for (let at = 0; at < text.length; ) {
      const end = this.#endAt(text, at);
      if (end === at) {
        at += 1;
        continue;
      }
      parts.push(text.slice(kept, at), replacement);
      kept = end;
      at = end;
    }
    return parts.length === 0 ? text : parts.join('') + text.slice(kept);
  }

  /** Where the longest text that begins at `start` ends; `start` when none does. */
  #endAt(text: string, start: number): number {
    let step = this.#start.next.get(text.charCodeAt(start));
    let end = start;
    for (let at = start + 1; step !== undefined; at += 1) {
      if (step.isEnd) end = at;
      step = step.next.get(text.charCodeAt(at));
    }
    return end;
  }
}

function newStep(): Step {
  return { next: new Map(), isEnd: false };
}
