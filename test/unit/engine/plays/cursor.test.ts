import { describe, expect, it } from 'vitest';
import { HostCursor } from '../../../../src/engine/plays/cursor.ts';
import { implicitTask, section } from '../../../../src/engine/plays/playTree.ts';
import { comparePositions } from '../../../../src/engine/strategies/strategy.ts';
import type { Block, Item, Task } from '../../../../src/playbook/model.ts';

const source = { file: 'site.yml', line: 1, column: 1 };

function task(name: string): Task {
  return implicitTask('debug', name, undefined, source);
}

function block(parts: { block: Item[]; rescue?: Item[]; always?: Item[] }): Block {
  return {
    ...section(parts.block, source),
    rescue: parts.rescue ?? [],
    always: parts.always ?? [],
  };
}

/** Walks to the end; tasks named in `failing` fail. */
function walk(
  root: Block,
  failing: readonly string[] = [],
): { path: string[]; cursor: HostCursor } {
  const cursor = new HostCursor(root, () => true);
  const path: string[] = [];
  for (let next = cursor.task; next !== undefined; next = cursor.task) {
    const name = String(next.name?.value);
    path.push(name);
    if (failing.includes(name)) cursor.fail({ task: next, result: {} });
    else cursor.advance();
  }
  return { path, cursor };
}

describe('a host walking through blocks', () => {
  it('goes on behind always when its errors were cleared there', () => {
    const failing = block({ block: [task('a')], always: [task('z')] });
    const cursor = new HostCursor(section([failing, task('after')], source), () => true);
    const first = cursor.task;
    if (first === undefined) throw new Error('nothing to do');
    cursor.fail({ task: first, result: {} });
    cursor.clearFailure();
    cursor.advance();
    expect([cursor.task?.name?.value, cursor.hasFailed]).toEqual(['after', false]);
  });

  it('runs block and always, and leaves out rescue', () => {
    const root = section(
      [block({ block: [task('a')], rescue: [task('r')], always: [task('z')] }), task('after')],
      source,
    );
    expect(walk(root).path).toEqual(['a', 'z', 'after']);
  });

  it('goes on after a rescue', () => {
    const root = section(
      [
        block({ block: [task('a'), task('b')], rescue: [task('r')], always: [task('z')] }),
        task('after'),
      ],
      source,
    );
    const { path, cursor } = walk(root, ['a']);
    expect(path).toEqual(['a', 'r', 'z', 'after']);
    expect(cursor.hasFailed).toBe(false);
  });

  it('runs always of every block on the way out of a failure', () => {
    const inner = block({ block: [task('a')], always: [task('inner')] });
    const root = section(
      [block({ block: [inner, task('b')], always: [task('outer')] }), task('after')],
      source,
    );
    const { path, cursor } = walk(root, ['a']);
    expect(path).toEqual(['a', 'inner', 'outer']);
    expect(cursor.hasFailed).toBe(true);
  });

  it('takes a failure in an inner rescue to the outer one', () => {
    const inner = block({ block: [task('a')], rescue: [task('bad')] });
    const root = section([block({ block: [inner], rescue: [task('r')] })], source);
    expect(walk(root, ['a', 'bad']).path).toEqual(['a', 'bad', 'r']);
  });

  it('fails when always fails', () => {
    const root = section([block({ block: [task('a')], always: [task('z')] })], source);
    expect(walk(root, ['z']).cursor.hasFailed).toBe(true);
  });

  it('runs what an include brings before the task that follows it', () => {
    const cursor = new HostCursor(section([task('include'), task('after')], source), () => true);
    expect(cursor.task?.name?.value).toBe('include');
    cursor.push(section([task('x'), task('y')], source));
    const path: unknown[] = [];
    for (let next = cursor.task; next !== undefined; next = cursor.task) {
      path.push(next.name?.value);
      cursor.advance();
    }
    expect(path).toEqual(['x', 'y', 'after']);
  });

  it('leaves out tasks that are not selected', () => {
    const cursor = new HostCursor(
      section([task('a'), task('b')], source),
      (each) => each.name?.value !== 'a',
    );
    expect(cursor.task?.name?.value).toBe('b');
  });
});

describe('positions', () => {
  it('put a host inside an include before one that has not included', () => {
    const root = section([task('include'), task('after')], source);
    const inside = new HostCursor(root, () => true);
    const outside = new HostCursor(root, () => true);
    inside.push(section([task('x')], source));
    outside.advance();
    expect(inside.task?.name?.value).toBe('x');
    expect(outside.task?.name?.value).toBe('after');
    expect(comparePositions(inside.position, outside.position)).toBeLessThan(0);
  });

  it('put rescue after block', () => {
    const root = section([block({ block: [task('a'), task('b')], rescue: [task('r')] })], source);
    const well = new HostCursor(root, () => true);
    const failed = new HostCursor(root, () => true);
    const first = failed.task;
    if (first === undefined) throw new Error('there is a first task');
    failed.fail({ task: first, result: {} });
    expect(well.task?.name?.value).toBe('a');
    well.advance();
    expect(failed.task?.name?.value).toBe('r');
    expect(well.task?.name?.value).toBe('b');
    expect(comparePositions(well.position, failed.position)).toBeLessThan(0);
  });
});
