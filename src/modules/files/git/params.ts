import * as z from 'zod';
import { boolean, fileMode, integer, list, path, text } from '../../params.ts';

export const GitParams = z
  .strictObject({
    repo: text()
      .describe('The repository: a URL, an scp-like address or a path of the host.')
      .meta({ aliases: ['name'] }),
    dest: path()
      .optional()
      .describe('Directory of the work tree. Needed unless `clone` and `update` are off.'),
    version: text()
      .default('HEAD')
      .describe("A branch, a tag, a commit, or `HEAD` for the remote's default branch."),
    remote: text().default('origin').describe('Name of the remote.'),
    refspec: text().optional().describe('What to fetch besides branches and tags.'),
    reference: text().optional().describe('A repository of the host to borrow objects from.'),
    clone: boolean().default(true).describe('Clone when there is no repository.'),
    update: boolean().default(true).describe('Bring an existing repository up to `version`.'),
    force: boolean().default(false).describe('Discard changes in the work tree.'),
    depth: integer().optional().describe('Fetch only so many commits of the history.'),
    single_branch: boolean().default(false).describe('Fetch only the history of `version`.'),
    bare: boolean().default(false).describe('A repository without a work tree.'),
    recursive: boolean().default(true).describe('Bring submodules too.'),
    track_submodules: boolean()
      .default(false)
      .describe('Submodules follow their remote branch instead of the recorded commit.'),
    separate_git_dir: path().optional().describe('Directory for what `.git` would hold.'),
    archive: path()
      .optional()
      .describe('Also make an archive (.zip, .tar, .tar.gz, .tgz) of the version at this path.'),
    archive_prefix: text().optional().describe('Put before each name in the archive.'),
    key_file: path().optional().describe('Private key of the host, for ssh.'),
    ssh_opts: text().optional().describe('Options for ssh.'),
    accept_hostkey: boolean().default(false).describe('Do not check the host key of the server.'),
    accept_newhostkey: boolean()
      .default(false)
      .describe('Accept a host key that is not known yet; refuse one that has changed.'),
    verify_commit: boolean().default(false).describe('Fail unless the version is signed.'),
    gpg_allowlist: list(text())
      .default([])
      .describe('Fingerprints of which one must have signed; with `verify_commit`.')
      .meta({ aliases: ['gpg_whitelist'] }),
    umask: fileMode().optional().describe('umask for what git writes, octal.'),
    executable: path().optional().describe('The git to use.'),
  })
  .superRefine(({ dest, clone, update, separate_git_dir, bare, ...rest }, context) => {
    if (dest === undefined && (clone || update)) {
      context.addIssue('dest is required unless clone and update are off');
    }
    if (separate_git_dir !== undefined && bare) {
      context.addIssue('parameters are mutually exclusive: separate_git_dir|bare');
    }
    if (rest.accept_hostkey && rest.accept_newhostkey) {
      context.addIssue('parameters are mutually exclusive: accept_hostkey|accept_newhostkey');
    }
    if (rest.archive_prefix !== undefined && rest.archive === undefined) {
      context.addIssue('archive_prefix needs archive');
    }
    if (rest.archive !== undefined && archiveFormat(rest.archive) === undefined) {
      context.addIssue('archive must end in .zip, .tar, .tar.gz or .tgz');
    }
  });
export type GitParams = z.output<typeof GitParams>;

/** As `git archive --format` takes it. */
export function archiveFormat(file: string): string | undefined {
  return /\.(zip|tar\.gz|tgz|tar)$/.exec(file)?.[1];
}

/** The environment that git runs in; the path of the key needs no quotes, since ssh's command line is expanded from it. */
export function gitEnvironment(params: GitParams): Readonly<Record<string, string>> {
  const {
    key_file: key,
    ssh_opts: options,
    accept_hostkey: any,
    accept_newhostkey: fresh,
  } = params;
  const words = [
    'ssh -o BatchMode=yes',
    ...(any ? ['-o StrictHostKeyChecking=no'] : []),
    ...(fresh ? ['-o StrictHostKeyChecking=accept-new'] : []),
    ...(key === undefined ? [] : ['-i "$DROVER_GIT_KEY" -o IdentitiesOnly=yes']),
    ...(options === undefined ? [] : [options]),
  ];
  return {
    LC_ALL: 'C.UTF-8',
    GIT_TERMINAL_PROMPT: '0',
    GIT_ASKPASS: 'true',
    ...(words.length > 1 ? { GIT_SSH_COMMAND: words.join(' ') } : {}),
    ...(key === undefined ? {} : { DROVER_GIT_KEY: key }),
  };
}
