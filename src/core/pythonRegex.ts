/** Python's regular expressions as JavaScript's: the same matches for the syntax that playbooks use, in filters and modules alike. */
import { TemplateError } from './errors.ts';

export interface RegexFlags {
  readonly ignoreCase?: boolean;
  readonly multiline?: boolean;
  readonly dotAll?: boolean;
}

/** The pattern compiled with the flag `d`-less Unicode mode, global. @throws TemplateError when it is no pattern. */
export function pythonRegex(pattern: string, flags: RegexFlags = {}, sticky = false): RegExp {
  const translation = new Translation(pattern, flags);
  try {
    const body = translation.run();
    return new RegExp(body, `${sticky ? 'y' : 'g'}u${translation.ignoreCase ? 'i' : ''}`);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw usageError(`invalid regular expression "${pattern}": ${error.message}`);
  }
}

const CLASSES: Readonly<Record<string, string>> = {
  d: '\\p{Nd}',
  D: '\\P{Nd}',
  s: '\\s\\x1c-\\x1f\\x85',
  w: '\\p{L}\\p{N}_',
};

class Translation {
  readonly #pattern: string;
  #at = 0;
  ignoreCase: boolean;
  #multiline: boolean;
  #dotAll: boolean;
  #isVerbose = false;

  constructor(pattern: string, flags: RegexFlags) {
    this.#pattern = pattern;
    this.ignoreCase = flags.ignoreCase ?? false;
    this.#multiline = flags.multiline ?? false;
    this.#dotAll = flags.dotAll ?? false;
  }

  run(): string {
    this.#leadingFlags();
    let result = '';
    while (this.#at < this.#pattern.length) result += this.#next();
    return result;
  }

  /** `(?ims)` at the start. */
  #leadingFlags(): void {
    const match = /^\(\?([aiLmsux]+)\)/.exec(this.#pattern);
    if (match === null) return;
    const letters = match[1] ?? '';
    this.ignoreCase ||= letters.includes('i');
    this.#multiline ||= letters.includes('m');
    this.#dotAll ||= letters.includes('s');
    this.#isVerbose = letters.includes('x');
    this.#at = match[0].length;
  }

  #next(): string {
    const char = this.#pattern.charAt(this.#at++);
    switch (char) {
      case '\\':
        return this.#escape(false);
      case '[':
        return this.#characterClass();
      case '(':
        return this.#group();
      case '.':
        return this.#dotAll ? '[\\s\\S]' : '[^\\n]';
      case '^':
        return this.#multiline ? '(?<![^\\n])' : '(?<![\\s\\S])';
      case '$':
        return this.#multiline ? '(?=\\n|(?![\\s\\S]))' : '(?=\\n?(?![\\s\\S]))';
      case '{':
        return this.#repetition();
      case '}':
      case ']':
        return `\\${char}`;
      default:
        return this.#isVerbose ? this.#verbose(char) : char;
    }
  }

  #verbose(char: string): string {
    if (/\s/.test(char)) return '';
    if (char !== '#') return char;
    const end = this.#pattern.indexOf('\n', this.#at);
    this.#at = end === -1 ? this.#pattern.length : end;
    return '';
  }

  #repetition(): string {
    const match = /^(\d*)(,?)(\d*)\}/.exec(this.#pattern.slice(this.#at));
    if (match === null || match[0] === '}' || match[0] === ',}') return '\\{';
    this.#at += match[0].length;
    return `{${match[1] || '0'}${match[2]}${match[3]}}`;
  }

  #group(): string {
    const rest = this.#pattern.slice(this.#at);
    const named = /^\?P<(\w+)>/.exec(rest);
    if (named !== null) return this.#skip(named[0], `(?<${named[1]}>`);
    const reference = /^\?P=(\w+)\)/.exec(rest);
    if (reference !== null) return this.#skip(reference[0], `\\k<${reference[1]}>`);
    const comment = /^\?#[^)]*\)/.exec(rest);
    return comment === null ? '(' : this.#skip(comment[0], '');
  }

  #skip(text: string, replacement: string): string {
    this.#at += text.length;
    return replacement;
  }

  #escape(isInClass: boolean): string {
    const char = this.#pattern.charAt(this.#at++);
    if (char === '') throw usageError('invalid regular expression: bad escape (end of pattern)');
    const characters = CLASSES[char];
    if (characters !== undefined) return isInClass ? characters : `[${characters}]`;
    if (char === 'S' || char === 'W') return this.#negatedClass(char, isInClass);
    if (/[ntrvf]/.test(char)) return `\\${char}`;
    if (/\d/.test(char)) return this.#numbered(char, isInClass);
    if (/[xu]/.test(char)) return this.#code(char);
    if (isInClass) return char === 'b' ? '\\x08' : literal(char);
    return this.#anchor(char);
  }

  #negatedClass(char: string, isInClass: boolean): string {
    if (isInClass) return char === 'S' ? '\\S' : '\\W';
    return char === 'S' ? `[^${CLASSES['s']}]` : `[^${CLASSES['w']}]`;
  }

  #anchor(char: string): string {
    const word = `[${CLASSES['w']}]`;
    switch (char) {
      case 'A':
        return '(?<![\\s\\S])';
      case 'Z':
        return '(?![\\s\\S])';
      case 'b':
        return `(?:(?<=${word})(?!${word})|(?<!${word})(?=${word}))`;
      case 'B':
        return `(?:(?<=${word})(?=${word})|(?<!${word})(?!${word}))`;
      case 'a':
        return '\\x07';
      default:
        if (/[a-zA-Z]/.test(char))
          throw usageError(`invalid regular expression: bad escape \\${char}`);
        return literal(char);
    }
  }

  #numbered(char: string, isInClass: boolean): string {
    const digits = /^[0-7]*/.exec(this.#pattern.slice(this.#at))?.[0] ?? '';
    if (char === '0' || isInClass || (digits.length >= 2 && /[0-3]/.test(char))) {
      const octal = (char + digits).slice(0, 3);
      this.#at += octal.length - 1;
      return `\\u{${Number.parseInt(octal, 8).toString(16)}}`;
    }
    const more = /^\d?/.exec(this.#pattern.slice(this.#at))?.[0] ?? '';
    this.#at += more.length;
    return `\\${char}${more}(?:)`;
  }

  #code(char: string): string {
    const width = char === 'x' ? 2 : 4;
    const digits = this.#pattern.slice(this.#at, this.#at + width);
    this.#at += width;
    return `\\u{${digits}}`;
  }

  #characterClass(): string {
    let result = '[';
    if (this.#pattern.charAt(this.#at) === '^') {
      result += '^';
      this.#at++;
    }
    for (let isFirst = true; ; isFirst = false) {
      const char = this.#pattern.charAt(this.#at++);
      if (char === '') throw usageError('invalid regular expression: unterminated character set');
      if (char === ']' && !isFirst) return `${result}]`;
      if (char === '\\') result += this.#escape(true);
      else result += char === '-' || char === '^' ? this.#dash(char) : literal(char);
    }
  }

  /** A dash between a class and something else is a dash. */
  #dash(char: string): string {
    if (char === '^') return '\\^';
    const before = this.#pattern.slice(0, this.#at - 1);
    const isAfterClass = /\\[dDsSwW]$/.test(before);
    const isBeforeClass = /^\\[dDsSwW]/.test(this.#pattern.slice(this.#at));
    const isAtEdge = /\[\^?$/.test(before) || this.#pattern.charAt(this.#at) === ']';
    return isAfterClass || isBeforeClass || isAtEdge ? '\\-' : '-';
  }
}

function usageError(message: string): TemplateError {
  return new TemplateError(message, { code: 'DROVER_TEMPLATE_USAGE' });
}

function literal(char: string): string {
  return /[\\^$.*+?()[\]{}|/-]/.test(char) ? `\\${char}` : char;
}

/** Python's replacement template (`\1`, `\g<name>`, `\n`) for one match. */
export function expandReplacement(template: string, match: RegExpExecArray): string {
  return template.replace(
    /\\(?:g<(\w+)>|([1-9]\d?)|([nrtabfv\\])|0)|\\([\s\S])/g,
    (
      whole,
      name: string | undefined,
      number: string | undefined,
      backslash: string | undefined,
    ) => {
      const group = name ?? number;
      if (group !== undefined) return groupOf(match, group);
      return backslash === undefined
        ? whole === '\\0'
          ? '\0'
          : whole
        : (ESCAPES[backslash] ?? whole);
    },
  );
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  a: '\x07',
  b: '\b',
  f: '\f',
  v: '\v',
  '\\': '\\',
};

/** The text of a group by number or name; nothing when it took no part. */
export function groupOf(match: RegExpExecArray, group: string): string {
  if (/^\d+$/.test(group)) {
    if (Number(group) >= match.length) throw usageError(`invalid group reference ${group}`);
    return match[Number(group)] ?? '';
  }
  if (match.groups === undefined || !Object.hasOwn(match.groups, group)) {
    throw usageError(`unknown group name '${group}'`);
  }
  return match.groups[group] ?? '';
}
