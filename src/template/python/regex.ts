/** Regular expressions live in `core`, since modules take them too. */
export {
  expandReplacement,
  groupOf,
  pythonRegex,
  type RegexFlags,
} from '../../core/pythonRegex.ts';
