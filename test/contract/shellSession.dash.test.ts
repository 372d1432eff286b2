import { shellSessionContract } from './shellSession.ts';

shellSessionContract('dash', '/bin/dash');
