/** `lipsum()`: filler text. */
import { bind } from './arguments.ts';
import { isTrue } from './python/sequence.ts';
import type { Arguments } from './python/types.ts';

const WORDS = (
  'lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna ' +
  'aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo consequat duis aute ' +
  'irure in reprehenderit voluptate velit esse cillum fugiat nulla pariatur'
).split(' ');

/** `lipsum(n=5, html=True, min=20, max=100)`: n paragraphs of random words. */
export function lipsum(args: Arguments, random: () => number): string {
  const [count = 5, html = true, least = 20, most = 100] = bind(
    'lipsum',
    args,
    'n',
    'html',
    'min',
    'max',
  );
  const paragraphs = Array.from({ length: Number(count) }, () =>
    paragraph(Number(least) + Math.floor(random() * (Number(most) - Number(least))), random),
  );
  return isTrue(html)
    ? paragraphs.map((text) => `<p>${text}</p>`).join('\n')
    : paragraphs.join('\n\n');
}

function paragraph(length: number, random: () => number): string {
  const words = Array.from({ length }, () => WORDS[Math.floor(random() * WORDS.length)] ?? '');
  const text = words.join(' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
