/** Assignment to names, namespace members and tuples of them. */
import { defined, typeError, valueError } from '../python/errors.ts';
import { iterate } from '../python/sequence.ts';
import { HostObject, type Internal, typeName } from '../python/types.ts';
import type { AssignmentTarget } from '../syntax/ast.ts';
import type { Frame } from './frame.ts';

export type Assign = (frame: Frame, value: Internal) => void;

export function compileAssignment(target: AssignmentTarget): Assign {
  switch (target.kind) {
    case 'name':
      return (frame, value) => frame.set(target.value, value);
    case 'member':
      return (frame, value) => setMember(frame.get(target.object), target.name, value);
    case 'targets':
      return compileUnpacking(target.items.map(compileAssignment));
  }
}

function setMember(object: Internal | undefined, name: string, value: Internal): void {
  if (!(object instanceof HostObject) || object.typeName !== 'Namespace') {
    throw typeError(`cannot assign attribute on non-namespace object`);
  }
  object.attributes.set(name, value);
}

function compileUnpacking(assigns: readonly Assign[]): Assign {
  return (frame, value) => {
    const items = unpacked(defined(value));
    if (items.length < assigns.length) {
      throw valueError(
        `not enough values to unpack (expected ${assigns.length}, got ${items.length})`,
      );
    }
    if (items.length > assigns.length) {
      throw valueError(`too many values to unpack (expected ${assigns.length})`);
    }
    for (const [index, assign] of assigns.entries()) assign(frame, items[index] ?? null);
  };
}

function unpacked(value: Internal): readonly Internal[] {
  try {
    return iterate(value);
  } catch (error) {
    throw Object.assign(typeError(`cannot unpack non-iterable ${typeName(value)} object`), {
      cause: error,
    });
  }
}
