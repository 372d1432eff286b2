import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parsed } from '../../../../../src/modules/files/xml/dom.ts';
import { editXml } from '../../../../../src/modules/files/xml/edit.ts';
import { decoded } from '../../../../../src/modules/files/xml/markup.ts';
import type { XmlParams } from '../../../../../src/modules/files/xml/params.ts';
import { sourcesOf } from '../../../../../src/modules/files/xml/sources.ts';
import { lastStep } from '../../../../../src/modules/files/xml/spawn.ts';
import { keptText, plainText } from '../../../../../src/modules/files/xml/writer.ts';
import { xml } from '../../../../../src/modules/files/xml/xml.ts';
import { converge, paramsOf, runResource } from '../../driver.ts';
import { useScratch } from '../../scratch.ts';

function edit(text: string | Buffer, args: object): string | undefined {
  const params = paramsOf(xml, { path: '/f', ...args }) as XmlParams;
  return editXml(params, Buffer.from(text)).after;
}

describe('editXml', () => {
  it.each<[string, string, object, string | undefined]>([
    ['sets a text', '<a><b>1</b></a>', { xpath: '/a/b', value: 2 }, '<a><b>2</b></a>'],
    ['leaves a text', '<a><b>2</b></a>', { xpath: '/a/b', value: 2 }, undefined],
    ['leaves blanks alone', '<a> <b/> </a>', { xpath: '/a', set_children: ['b'] }, undefined],
    [
      'keeps an empty pair',
      '<a><b></b><c/></a>',
      { xpath: '//c', value: 1 },
      '<a><b></b><c>1</c></a>',
    ],
    ['empties an element', '<a ><b/></a >', { xpath: '//b', state: 'absent' }, '<a/>'],
    ['fills an empty element', '<a  b="c" />', { xpath: '/a', value: 'd' }, '<a  b="c">d</a>'],
    ['makes a pair of an emptied text', '<a>x</a>', { xpath: '/a', value: '' }, '<a></a>'],
    [
      "keeps an attribute's quotes",
      "<a b='\"' c='d'/>",
      { xpath: '/a', attribute: 'c', value: 'e' },
      `<a b='"' c="e"/>`,
    ],
    [
      'keeps what surrounds the root',
      '<!--a--> <b/> <?c d?>\n',
      { xpath: '/b/e' },
      '<!--a--> <b><e/></b> <?c d?>\n',
    ],
    [
      'keeps a document type',
      "<!DOCTYPE a [<!-- it's ]> --><!ELEMENT a ANY>]>\n<a/>",
      { xpath: '/a/b' },
      "<!DOCTYPE a [<!-- it's ]> --><!ELEMENT a ANY>]>\n<a><b/></a>",
    ],
    ['keeps a byte order mark', '\uFEFF<a/>', { xpath: '/a/b' }, '\uFEFF<a><b/></a>'],
    [
      'keeps entities of texts',
      '<a>&#65;&gt;<b/>&quot;</a>',
      { xpath: '//b', value: '<' },
      '<a>&#65;&gt;<b>&lt;</b>&quot;</a>',
    ],
    [
      'keeps tags in CDATA and comments',
      '<a><![CDATA[<b>]]><!--<c>--><b/></a>',
      { xpath: '//b', value: 1 },
      '<a><![CDATA[<b>]]><!--<c>--><b>1</b></a>',
    ],
    ['takes a comparison that is true', '<a><b>x</b></a>', { xpath: "/a/b/text()='x'" }, undefined],
    [
      'takes numbers as attributes',
      '<a/>',
      { xpath: '/a', set_children: [{ b: { c: 1, d: true } }] },
      '<a><b c="1" d="True"/></a>',
    ],
    [
      'adds after a comment',
      '<a><b/><!-- of b --><c/></a>',
      { xpath: '//b', insertafter: true, add_children: ['n'] },
      '<a><b/><n/><!-- of b --><c/></a>',
    ],
  ])('%s', (_title, text, args, after) => {
    expect(edit(text, args)).toBe(after);
  });

  it('writes UTF-8 in place of UTF-16', () => {
    const text = '<?xml version="1.0" encoding="UTF-16"?>\n<a>é</a>';
    const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le');
    expect(edit(bytes, { xpath: '/a/b' })).toBe(
      '<?xml version="1.0" encoding="UTF-8"?>\n<a>é<b/></a>',
    );
    expect(decoded(bytes)).toEqual({ text, isUtf8: false });
  });

  it.each<[string, string, object, RegExp]>([
    ['no XML', '<a><b></a>', { xpath: '/a' }, /^Error while parsing document: \/f \(.*"b" != "a"/],
    [
      'a bare ampersand',
      '<a>b & c</a>',
      { xpath: '/a' },
      /an ampersand that begins no entity: b & c/,
    ],
    [
      'an own entity',
      '<!DOCTYPE a [<!ENTITY e "v">]><a>&e;</a>',
      { xpath: '/a' },
      /entity not found/,
    ],
    ['an attribute without quotes', '<a b=c/>', { xpath: '/a' }, /missed quot/],
    [
      'bytes of another encoding',
      Buffer.from([0x3c, 0x61, 0xff]).toString('latin1'),
      { xpath: '/a' },
      /Error while parsing/,
    ],
    [
      'no expression',
      '<a/>',
      { xpath: '/a[', value: 1 },
      /^Syntax error in xpath expression: \/a\[/,
    ],
    [
      'a prefix without a namespace',
      '<a/>',
      { xpath: '/x:a', value: 1 },
      /^Evaluation error in xpath expression: \/x:a/,
    ],
    [
      'a path that cannot be made',
      '<a/>',
      { xpath: '/b/c', value: 1 },
      /^Xpath \/b\/c causes a failure: Can't process Xpath \/b in order to spawn nodes!$/,
    ],
    [
      'a missing prefix',
      '<a xmlns="u"/>',
      { xpath: '/a/b', value: 1 },
      /the document has namespaces, and the expression no prefix$/,
    ],
    [
      'the root element',
      '<a/>',
      { xpath: '/a', state: 'absent' },
      /^Couldn't delete xpath target: \/a/,
    ],
    [
      'a neighbour of the root',
      '<a/>',
      { xpath: '/a', insertafter: true, add_children: ['b'] },
      /beside the root/,
    ],
    [
      'the text of an attribute',
      '<a b="c"/>',
      { xpath: '/a/@b', value: 1 },
      /does not reference a node!$/,
    ],
    [
      'two keys of a child',
      '<a/>',
      { xpath: '/a', add_children: [{ b: 1, c: 2 }] },
      /hashes with one key/,
    ],
    ['no name', '<a/>', { xpath: '/a', add_children: ['b c'] }, /Invalid tag name 'b c'/],
    [
      'a child that is no XML',
      '<a/>',
      { xpath: '/a', input_type: 'xml', add_children: ['<b'] },
      /^Error while parsing child element/,
    ],
    ['a control character', '<a/>', { xpath: '/a', value: '\u0001' }, /control characters/],
    ['nothing', '<a/>', {}, /^Don't know what to do/],
  ])('refuses %s', (_title, text, args, message) => {
    expect(() => edit(text, args)).toThrow(message);
  });
});

describe('xml', () => {
  it.each<[object, RegExp]>([
    [
      { path: '/f', xpath: '/a', value: 1, count: true },
      /mutually exclusive: add_children\|content/,
    ],
    [{ path: '/f', xmlstring: '<a/>', xpath: '/a' }, /mutually exclusive: path\|xmlstring/],
    [{ xpath: '/a' }, /one of the following is required: path, xmlstring/],
    [{ path: '/f', count: true }, /missing parameter\(s\) required by 'count': xpath/],
    [{ path: '/f', xpath: '/a', attribute: 'b' }, /required by 'attribute': value/],
  ])('refuses %j', (args, message) => {
    expect(() => paramsOf(xml, args)).toThrow(message);
  });

  describe('on a host', () => {
    const scratch = useScratch();
    const file = () => join(scratch.directory, 'f.xml');

    it('edits the file, and again nothing', async () => {
      writeFileSync(file(), '<a>\n  <b/>\n</a>\n', { mode: 0o640 });
      const asked = { path: file(), xpath: '/a/b', attribute: 'c', value: 'd', backup: true };
      const { data } = await converge(xml, asked, { target: scratch.target });
      expect(readFileSync(file(), 'utf8')).toBe('<a>\n  <b c="d"/>\n</a>\n');
      expect(statSync(file()).mode & 0o777).toBe(0o640);
      expect(readFileSync(String(data['backup_file']), 'utf8')).toBe('<a>\n  <b/>\n</a>\n');
    });

    it('says which file is missing', async () => {
      const asked = { path: '/none', xpath: '/a' };
      await expect(runResource(xml, asked, { target: scratch.target })).rejects.toThrow(
        "The target XML source '/none' does not exist.",
      );
    });

    it('edits a text', async () => {
      const asked = { xmlstring: '<a/>', xpath: '/a/b' };
      const { changed, data } = await runResource(xml, asked, { target: scratch.target });
      expect({ changed, data }).toEqual({
        changed: true,
        data: {
          actions: { xpath: '/a/b', namespaces: {}, state: 'present' },
          xmlstring: "<?xml version='1.0' encoding='UTF-8'?>\n<a><b/></a>",
        },
      });
    });
  });
});

describe('lastStep', () => {
  it.each([
    ['/a/b', { type: 'element', parent: '/a', name: 'b', text: undefined }],
    [`/a/x:b/text()="it's"`, { type: 'element', parent: '/a', name: 'x:b', text: "it's" }],
    ['/a/@b', { type: 'attribute', parent: '/a', name: 'b', value: '' }],
    [`/a/@b='c/d'`, { type: 'attribute', parent: '/a', name: 'b', value: 'c/d' }],
    [
      `/a/b[@c='d' and e]`,
      { type: 'conditions', parent: '/a', name: 'b', conditions: [`@c='d'`, 'e'] },
    ],
    [`./text()='c'`, { type: 'text', parent: '.', text: 'c' }],
    ['/a/b()', undefined],
  ])('%s', (xpath, step) => {
    expect(lastStep(xpath)).toEqual(step);
  });
});

describe('writing', () => {
  const name = fc.constantFrom('a', 'b', 'c-d');
  const blank = fc.constantFrom('', ' ', '\n\t');
  const value = fc.constantFrom('', 'x', '&lt;&#10;', '>', 'é');
  const attribute = fc.tuple(blank, value, fc.constantFrom('"', "'"), fc.nat(9));
  const leaf = fc.constantFrom(
    't & u'.replace('&', '&amp;'),
    '<!-- <a> -->',
    '<![CDATA[<&]]>',
    '<?p q?>',
    '\n  ',
    '\'"',
  );
  const { element } = fc.letrec<{ element: string }>((tie) => ({
    element: fc
      .tuple(
        name,
        fc.uniqueArray(attribute, { selector: (each) => each[3], maxLength: 3 }),
        blank,
        fc.array(fc.oneof({ depthSize: 'small' }, leaf, tie('element')), { maxLength: 4 }),
        fc.boolean(),
      )
      .map(([tag, attributes, space, content, isShort]) => {
        const written = attributes
          .map(([gap, text, quote, id]) => ` ${gap}n${id}${gap}=${quote}${text}${quote}`)
          .join('');
        return isShort && content.length === 0
          ? `<${tag}${written}${space}/>`
          : `<${tag}${written}${space}>${content.join('')}</${tag}${space}>`;
      }),
  }));

  it('keeps every byte of what nobody touches', () => {
    fc.assert(
      fc.property(blank, element, blank, (before, root, after) => {
        const text = `${before}${root}${after}`;
        const document = parsed(text);
        expect(keptText(document, sourcesOf(document, text), true)).toBe(text);
      }),
    );
  });

  it('says the same anew', () => {
    fc.assert(
      fc.property(element, (root) => {
        const text = plainText(parsed(root));
        expect(plainText(parsed(text))).toBe(text);
      }),
    );
  });
});
