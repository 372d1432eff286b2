import { sessionProcessesContract, shellSessionContract } from './shellSession.ts';

shellSessionContract('dash', '/bin/dash');
sessionProcessesContract('dash', '/bin/dash');
