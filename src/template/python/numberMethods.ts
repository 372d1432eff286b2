/** The attributes and methods of `int`, `bool` and `float`. */
import { Float } from '../../core/values.ts';
import { Callable, float, type Internal, isFloat } from './types.ts';

type PythonNumber = number | bigint | Float | boolean;

export function numberMember(value: PythonNumber, name: string): Internal | undefined {
  return isFloat(value) ? floatMember(Number(value), name) : integerMember(BigInt(value), name);
}

function integerMember(value: bigint, name: string): Internal | undefined {
  const size = value < 0n ? -value : value;
  switch (name) {
    case 'real':
    case 'numerator':
      return Number(value);
    case 'imag':
      return 0;
    case 'denominator':
      return 1;
    case 'bit_length':
      return new Callable(name, () => (size === 0n ? 0 : size.toString(2).length));
    case 'bit_count':
      return new Callable(name, () => size.toString(2).replaceAll('0', '').length);
    case 'conjugate':
      return new Callable(name, () => Number(value));
    default:
      return undefined;
  }
}

function floatMember(value: number, name: string): Internal | undefined {
  switch (name) {
    case 'real':
      return float(value);
    case 'imag':
      return new Float(0);
    case 'is_integer':
      return new Callable(name, () => Number.isInteger(value));
    default:
      return undefined;
  }
}
