import { shellSessionContract } from './shellSession.ts';

shellSessionContract('mksh', '/bin/mksh');
