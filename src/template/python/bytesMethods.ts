/** The methods of `bytes` that templates meet. */
import { bind } from '../arguments.ts';
import { methodTable, textArgument } from './method.ts';
import { bufferEncoding } from './textOperations.ts';

export const bytesMethods = methodTable<Uint8Array>({
  decode: (self, args) => {
    const [encoding = 'utf-8'] = bind('decode', args, 'encoding', 'errors');
    return Buffer.from(self).toString(bufferEncoding(textArgument(encoding, 'decode')));
  },
  hex: (self) => Buffer.from(self).toString('hex'),
});
