import { shellSessionContract } from './shellSession.ts';

shellSessionContract('bash', '/bin/bash');
