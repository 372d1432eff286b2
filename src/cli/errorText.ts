import { type DroverError, LoadErrors } from '../core/errors.ts';
import { describeFatal } from '../source/codeFrame.ts';
import { nodeFiles } from '../source/files.ts';
import { SourceTexts } from '../source/sourceTexts.ts';

/** What a person sees of an error that ended a command. */
export function errorText(error: DroverError, cwd: string): string {
  const texts = new SourceTexts(nodeFiles, cwd);
  const errors = error instanceof LoadErrors ? error.errors : [error];
  return errors.map((each) => describeFatal(each, texts)).join('\n\n');
}
