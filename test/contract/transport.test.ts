import { localTransport } from '../../src/connection/local.ts';
import { transportContract } from './transport.ts';

transportContract('local', async () => localTransport({ shell: '/bin/sh' }));
