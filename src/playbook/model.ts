/**
 * A loaded playbook as plain readonly data: plays, blocks, tasks, roles, each with its position. Keyword values stay
 * `Node`s (most may be templates); the engine evaluates them for each host. Inheritance follows `parent`.
 */
import type { Source } from '../core/source.ts';
import type { MappingNode, Node, ScalarNode } from '../source/node.ts';

export interface Playbook {
  readonly file: string;
  /** In order; what `import_playbook` brought stands in its place. */
  readonly plays: readonly Play[];
}

/** Variables as written: evaluated when a task reads them. */
export type Variables = ReadonlyMap<string, Node>;

export interface Play {
  readonly name?: ScalarNode;
  /** The playbook file that holds it: `playbook_dir` is its folder. */
  readonly file: string;
  readonly hosts: Node;
  /** Keywords that its tasks inherit: `become`, `vars`, `environment`, `tags`, `when` (of import_playbook), … */
  readonly keywords: Keywords;
  readonly options: PlayOptions;
  readonly varsFiles: readonly Node[];
  readonly varsPrompt: readonly MappingNode[];
  /** One `section` block each, empty when absent; `roles` holds a `role` block for each entry. */
  readonly preTasks: Block;
  readonly roles: Block;
  readonly tasks: Block;
  readonly postTasks: Block;
  /** The play's own handlers; those of roles hang on the roles. */
  readonly handlers: readonly Item[];
  readonly source: Source;
}

/** Keywords that only a play takes. */
export interface PlayOptions {
  readonly gatherFacts?: Node;
  readonly gatherSubset?: Node;
  readonly gatherTimeout?: Node;
  readonly factPath?: Node;
  readonly strategy?: Node;
  readonly serial?: Node;
  readonly order?: Node;
  readonly maxFailPercentage?: Node;
  readonly forceHandlers?: Node;
}

export type Item = Block | Task;

/** Tasks that share keywords: a `block:`, a section of the play, a use of a role, what an import or include brought. */
export interface Block {
  readonly kind: 'block';
  readonly origin: 'block' | 'section' | 'role' | 'import' | 'include';
  readonly name?: ScalarNode;
  readonly keywords: Keywords;
  readonly block: readonly Item[];
  readonly rescue: readonly Item[];
  readonly always: readonly Item[];
  /** Set on a `role` block: everything in it that is not in an inner role block belongs to this use. */
  readonly role?: RoleUse;
  /** The file that an import or include brought. */
  readonly file?: string;
  /** The enclosing block; a section has none (its play is known to the engine). */
  readonly parent?: Block;
  readonly source: Source;
}

export interface Task {
  readonly kind: 'task';
  readonly isHandler: boolean;
  readonly name?: ScalarNode;
  /** As written: short, full or an alias. `include_tasks`, `include_role` and `meta` are tasks too. */
  readonly module: string;
  readonly moduleSource: Source;
  readonly arguments: TaskArguments;
  readonly keywords: Keywords;
  /** Other topics that a handler answers to. */
  readonly listen: readonly Node[];
  readonly parent?: Block;
  readonly source: Source;
}

/** What a task hands to its module. */
export interface TaskArguments {
  /** From `args:`, then the mapping or `key=value` form, which wins. */
  readonly named: MappingNode;
  /** The text of the short form without its `key=value` words, for modules that take one (`command: ls /tmp`). */
  readonly freeForm?: ScalarNode;
  /** A template that gives a whole dict of arguments: `module: "{{ options }}"` or `args: "{{ options }}"`. `named` wins. */
  readonly template?: ScalarNode;
}

/** Keywords of plays, blocks and tasks, camelCase, unevaluated. Lists are normalised: one condition is a list of one. */
export interface Keywords {
  readonly when?: readonly Node[];
  readonly vars?: Variables;
  readonly tags?: readonly Node[];
  readonly environment?: readonly Node[];
  readonly become?: Node;
  readonly becomeUser?: Node;
  readonly becomeMethod?: Node;
  readonly becomeFlags?: Node;
  readonly becomeExe?: Node;
  readonly connection?: Node;
  readonly port?: Node;
  readonly remoteUser?: Node;
  readonly moduleDefaults?: readonly Node[];
  readonly collections?: readonly Node[];
  readonly checkMode?: Node;
  readonly diff?: Node;
  readonly noLog?: Node;
  readonly runOnce?: Node;
  readonly throttle?: Node;
  readonly timeout?: Node;
  readonly ignoreErrors?: Node;
  readonly ignoreUnreachable?: Node;
  readonly anyErrorsFatal?: Node;
  readonly debugger?: Node;
  readonly delegateTo?: Node;
  readonly delegateFacts?: Node;
  readonly notify?: readonly Node[];
  /** Tasks only from here. */
  readonly loop?: Loop;
  readonly loopControl?: LoopControl;
  readonly register?: ScalarNode;
  readonly until?: readonly Node[];
  readonly retries?: Node;
  readonly delay?: Node;
  readonly changedWhen?: readonly Node[];
  readonly failedWhen?: readonly Node[];
  readonly async?: Node;
  readonly poll?: Node;
}

/** `loop:` (`lookup` absent) or `with_<lookup>:`. */
export interface Loop {
  readonly lookup?: string;
  readonly items: Node;
  readonly source: Source;
}

export interface LoopControl {
  readonly loopVar?: Node;
  readonly indexVar?: Node;
  readonly label?: Node;
  readonly pause?: Node;
  readonly extended?: Node;
  readonly extendedAllItems?: Node;
  readonly breakWhen?: readonly Node[];
}

/** A role as its folder holds it; loaded once, however often it is used. */
export interface Role {
  /** As people write it: `docker`, `ns.coll.docker`. */
  readonly name: string;
  readonly path: string;
  readonly defaults: Variables;
  readonly vars: Variables;
  readonly dependencies: readonly RoleEntry[];
  readonly allowDuplicates: boolean;
  /** `meta/argument_specs.yml`, by entry point (`main`). */
  readonly argumentSpecs: ReadonlyMap<string, MappingNode>;
  readonly collections: readonly string[];
}

/** One use of a role: in `roles:`, as a dependency, by import_role or include_role. */
export interface RoleUse {
  readonly role: Role;
  /** Parameters given where it is used, other than keywords. */
  readonly params: Variables;
  /** Defaults and vars, when `defaults_from`/`vars_from` chose other files than the role's own. */
  readonly defaults: Variables;
  readonly vars: Variables;
  /** What names it: an entry of `roles:` or `dependencies:`, `import_role`, or `include_role`. */
  readonly usedBy: 'entry' | 'import' | 'include';
  /** `vars:` given where it is used: the whole play sees them, when it sees the role's own. */
  readonly exported: Variables;
  /** Handlers of this role, under the use's block. */
  readonly handlers: readonly Item[];
  /** Whether variables and handlers are seen by the rest of the play (`public:`; always for static uses). */
  readonly isPublic: boolean;
  readonly allowDuplicates: boolean;
  /** Uses with equal keys (role, parameters, conditions, tags, chosen files) are the same work: it runs once on a host. */
  readonly key: string;
  readonly source: Source;
}

/** An entry of `roles:` or `dependencies:` as written. */
export interface RoleEntry {
  readonly name: string;
  readonly params: Variables;
  readonly keywords: Keywords;
  readonly source: Source;
}
