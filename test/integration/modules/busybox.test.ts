/** The modules for files and text on a host of busybox alone: no option of GNU's tools is needed. */
import { rmSync } from 'node:fs';
import { afterAll } from 'vitest';
import { hasPrograms } from '../../support/onThisMachine.ts';
import { busyboxHost } from './busyboxHost.ts';
import { testScenariosOn } from './localScenarios.ts';
import { archiveSuite } from './scenarios/archive.ts';
import { copySuites } from './scenarios/copy.ts';
import { fileSuites } from './scenarios/file.ts';
import { textSuites } from './scenarios/text.ts';
import { yumRepositorySuite } from './scenarios/yumRepository.ts';

if (hasPrograms('busybox')) {
  const host = busyboxHost();
  afterAll(() => rmSync(host.folder, { recursive: true, force: true }));
  testScenariosOn(
    host,
    ...copySuites,
    ...fileSuites,
    ...textSuites,
    yumRepositorySuite,
    archiveSuite,
  );
}
