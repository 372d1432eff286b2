/** The modules for files and text on this machine's own files, beside Ansible's. */
import { testLocalScenarios } from './localScenarios.ts';
import { copySuites } from './scenarios/copy.ts';
import { fileSuites } from './scenarios/file.ts';
import { textSuites } from './scenarios/text.ts';
import { yumRepositorySuite } from './scenarios/yumRepository.ts';

testLocalScenarios(...copySuites, ...fileSuites, ...textSuites, yumRepositorySuite);
