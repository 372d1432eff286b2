/** `xml` on real files, beside Ansible's (with lxml). */
import { xml } from '../../../src/modules/files/xml/xml.ts';
import { type LocalScenario, sampled, testLocalScenarios } from './localScenarios.ts';

/** As lxml itself writes a document, so that all bytes can be compared. */
function document(content: string): string {
  return `printf %s "<?xml version='1.0' encoding='UTF-8'?>\n${content.replaceAll(/["$`\\]/g, '\\$&')}" >f`;
}

const BAR = document(`<business type="bar">
  <name>Tasty Beverage Co.</name>
  <beers>
    <beer>Rochefort 10</beer>
    <beer>St. Bernardus Abbot 12</beer>
    <beer>Schlitz</beer>
  </beers>
  <!-- by critics -->
  <rating subjective="true">10</rating>
  <website>
    <mobilefriendly/>
    <address>http://tastybeverageco.com</address>
  </website>
</business>`);

const SPACES = document(
  `<foo xmlns="http://x.test" xmlns:attr="http://z.test"><bar><baz xmlns="http://y.test" attr:mine="true"/></bar><bar/></foo>`,
);
const PREFIXES = { x: 'http://x.test', y: 'http://y.test', z: 'http://z.test' };

const MIXED = document(
  `<doc>one <b>two</b> three <i/> four<!-- note --> five<![CDATA[ <six> ]]><?go on?></doc>`,
);

const SAME_KEYS = ['actions', 'count', 'matches', 'msg', 'xmlstring'];

function edit(
  title: string,
  args: LocalScenario['args'],
  changed: boolean,
  more: Partial<LocalScenario> = {},
): LocalScenario {
  const asked = { path: '@/f', ...args };
  return { title, setup: BAR, args: asked, changed, sameKeys: SAME_KEYS, ...more };
}

function withSpaces(title: string, args: LocalScenario['args'], changed: boolean): LocalScenario {
  return edit(title, { namespaces: PREFIXES, ...args }, changed, { setup: SPACES });
}

const BEERS = '/business/beers';
const NEW = [{ beer: 'Old Rasputin' }, { beer: 'Old & Odd <Curmudgeon>' }];
const BUILDING = {
  building: {
    name: 'Scumm "bar"',
    location: 'Monkey island',
    _: [{ floor: 'Pirate hall' }, 'cellar', { date: { year: '1990' } }],
  },
};
const AGAIN = { actsAlways: true };

const texts: readonly LocalScenario[] = [
  edit('sets a text', { xpath: '/business/rating', value: '11' }, true),
  edit('leaves a text', { xpath: '/business/rating', value: '10' }, false),
  edit('sets a text by a relative path', { xpath: 'beers/beer[2]', value: 'none' }, true),
  edit('sets several texts', { xpath: '//beer', value: 'Pils' }, true),
  edit('sets an empty text', { xpath: '/business/rating', value: '' }, true),
  edit('leaves an element empty', { xpath: '//mobilefriendly', value: '' }, false),
  edit('sets the text of an empty element', { xpath: '//mobilefriendly', value: 'a<b' }, true),
  edit('sets a text before children', { xpath: '/doc', value: 'ten' }, true, { setup: MIXED }),
  edit('makes an element', { xpath: '/business/phone', value: '555' }, true),
  edit('makes an element without text', { xpath: '/business/website/valid' }, true),
  edit('makes a path', { xpath: '/business/a/b/c', value: 'deep' }, true),
  edit('leaves what is there', { xpath: '/business/website/address' }, false),
  edit('makes an element with a text', { xpath: `${BEERS}/beer/text()='x'` }, true, {
    setup: document('<business><beers/></business>'),
    unlikeAnsible: 'it fails the second time',
    look: 'tail -n1 f',
    shows: '<business><beers><beer>x</beer></beers></business>',
  }),
  edit(
    'makes an element with conditions',
    { xpath: `/business/person[@name='Ann' and role and text()='"me"']` },
    true,
  ),
];

const attributes: readonly LocalScenario[] = [
  edit('sets an attribute', { xpath: '//rating', attribute: 'subjective', value: 'no' }, true),
  edit('leaves an attribute', { xpath: '//rating', attribute: 'subjective', value: 'true' }, false),
  edit(
    'makes an element with an attribute',
    { xpath: '/business/website/valid', attribute: 'on', value: 'a"b&\t<c>' },
    true,
  ),
  edit('makes an empty attribute', { xpath: '/business/website/@id' }, true),
  edit('empties an attribute', { xpath: '//rating/@subjective' }, true),
  edit('makes an attribute with a value', { xpath: `/business/website/@id='5'` }, true, {
    unlikeAnsible: 'it fails the second time',
    look: 'grep website f',
    shows: '  <website id="5">\n  </website>',
  }),
  withSpaces(
    'sets an attribute in a namespace',
    { xpath: '/x:foo/x:bar/y:baz', attribute: 'z:mine', value: 'no' },
    true,
  ),
  withSpaces(
    'declares a namespace for an attribute',
    { xpath: '//y:baz', attribute: 'y:own', value: 'no' },
    true,
  ),
  withSpaces('makes an element in a namespace', { xpath: '/x:foo/x:bar/y:new' }, true),
  withSpaces('makes a path in a namespace', { xpath: '/x:foo/x:one/z:two', value: '2' }, true),
  withSpaces('reads names', { xpath: '//y:baz', content: 'attribute' }, false),
];

const removals: readonly LocalScenario[] = [
  edit('removes an element', { xpath: `${BEERS}/beer[2]`, state: 'absent' }, true, AGAIN),
  edit('removes several elements', { xpath: '//beer', state: 'absent' }, true),
  edit('removes all children', { xpath: '/business/website/*', state: 'absent' }, true),
  edit('removes an attribute', { xpath: '//rating/@subjective', state: 'absent' }, true),
  edit('removes a comment', { xpath: '/business/comment()', state: 'absent' }, true),
  edit('removes nothing', { xpath: '//none', state: 'absent' }, false),
  edit('removes what follows an element', { xpath: '/doc/b', state: 'absent' }, true, {
    setup: MIXED,
  }),
  edit('removes a last element', { xpath: '/doc/i', state: 'absent' }, true, { setup: MIXED }),
];

const children: readonly LocalScenario[] = [
  edit('adds children', { xpath: BEERS, add_children: NEW }, true, AGAIN),
  edit('adds empty children', { xpath: BEERS, add_children: ['water', 'tea'] }, true, AGAIN),
  edit('adds children of children', { xpath: '/business', add_children: [BUILDING] }, true, AGAIN),
  edit(
    'adds children to an empty element',
    { xpath: '//mobilefriendly', add_children: NEW },
    true,
    AGAIN,
  ),
  edit('adds children to the last of several', { xpath: '//beer', add_children: NEW }, true, AGAIN),
  edit('adds children to none', { xpath: '//none', add_children: NEW }, false),
  edit(
    'adds children before',
    { xpath: `${BEERS}/beer[text()="Schlitz"]`, insertbefore: true, add_children: NEW },
    true,
    AGAIN,
  ),
  edit(
    'adds children before the first',
    { xpath: '//beer', insertbefore: true, add_children: NEW },
    true,
    AGAIN,
  ),
  edit(
    'adds children after the last',
    { xpath: '//beer', insertafter: true, add_children: NEW },
    true,
    AGAIN,
  ),
  edit(
    'adds children in between',
    { xpath: '//beer[1]', insertafter: true, add_children: NEW },
    true,
    AGAIN,
  ),
  edit(
    'adds children in XML',
    {
      xpath: BEERS,
      input_type: 'xml',
      add_children: [
        `<beer strong='a&#38;"b'>Bock<b/> &amp; more<!-- ! --></beer>`,
        '<w xmlns="u:w" xmlns:v="u:v"><v:k/></w>',
      ],
    },
    true,
    AGAIN,
  ),
  edit('sets children', { xpath: BEERS, set_children: NEW }, true),
  edit(
    'leaves children',
    {
      xpath: BEERS,
      set_children: [
        { beer: 'Rochefort 10' },
        { beer: 'St. Bernardus Abbot 12' },
        { beer: 'Schlitz' },
      ],
    },
    false,
  ),
  edit('sets no children', { xpath: '/business/website', set_children: [] }, true),
  edit('sets children by attributes', { xpath: BEERS, set_children: [BUILDING, 'water'] }, true),
  withSpaces(
    'adds children by namespaces',
    {
      xpath: '/x:foo/x:bar[1]',
      set_children: [
        { '{http://x.test}a': { '{http://z.test}b': '1' } },
        { '{http://n.test}c': 'd' },
        'plain',
      ],
    },
    true,
  ),
  withSpaces(
    'adds children in XML to namespaces',
    {
      xpath: '/x:foo/x:bar[1]',
      input_type: 'xml',
      set_children: [`<q:k xmlns:q="http://z.test" q:a="1"><q:l/></q:k>`],
    },
    true,
  ),
];

const questions: readonly LocalScenario[] = [
  edit('counts', { xpath: `${BEERS}/beer`, count: true }, false),
  edit('counts nothing', { xpath: '/business/none', count: true }, false),
  edit('tells texts', { xpath: '//beer', content: 'text' }, false),
  edit('tells no text', { xpath: '//mobilefriendly', content: 'text' }, false),
  edit('tells attributes', { xpath: '/business/rating', content: 'attribute' }, false),
  edit('tells paths', { xpath: '//*', print_match: true }, false, {
    sameKeys: ['actions', 'msg'],
  }),
  edit('tells paths in namespaces', { xpath: '//*', print_match: true }, false, {
    setup: SPACES,
    sameKeys: ['msg'],
  }),
];

const forms: readonly LocalScenario[] = [
  edit('indents', { pretty_print: true }, true, {
    setup: document('<a><b x="1"><c/></b><d>t<e/> </d><f> </f><!-- n --><g><![CDATA[q]]></g></a>'),
  }),
  edit('leaves what is indented', { pretty_print: true }, false, { setup: `${BAR}; echo >>f` }),
  edit('indents what it changes', { xpath: BEERS, set_children: NEW, pretty_print: true }, true),
  edit(
    'leaves unindented what it does not change',
    { xpath: '//name', pretty_print: true },
    false,
    {
      setup: document('<a><name/></a>'),
    },
  ),
  edit('indents what surrounds the root', { pretty_print: true }, true, {
    setup: `printf '<?xml version="1.0"?>\\n<!-- one --><?two x?>\\n<!DOCTYPE a [\\n<!ELEMENT z ANY>\\n]>\\n<a> <b y="z"></b>\\n</a><!-- end -->' >f`,
  }),
  edit('keeps CDATA', { xpath: '/doc/i', value: 'x' }, true, { setup: MIXED }),
  edit('strips CDATA', { xpath: '/doc/i', value: 'x', strip_cdata_tags: true }, true, {
    setup: MIXED,
  }),
  edit('leaves the text of CDATA', { xpath: '/a', value: 'x<y' }, false, {
    setup: document('<a><![CDATA[x<y]]></a>'),
  }),
  edit('replaces CDATA', { xpath: '/a', value: 'x<z' }, true, {
    setup: document('<a><![CDATA[x<y]]></a>'),
  }),
  edit('writes UTF-8', { xpath: '/a/b', value: 'größer' }, true, {
    setup: document('<a>é<b>ä</b></a>'),
  }),
  edit('turns Latin-1 into UTF-8', { xpath: '/a/b', value: 'x' }, true, {
    setup: `printf "<?xml version='1.0' encoding='ISO-8859-1'?>\\n<a>\\351<b/></a>" >f`,
  }),
  edit('keeps the old file', { xpath: '//rating', value: '1', backup: true }, true),
  edit('writes through a link', { xpath: '//rating', value: '1' }, true, {
    setup: `${BAR}; chmod 640 f; mv f real; ln -s real f`,
  }),
  edit('edits a text', { xpath: '/a/b', value: 'x' }, true, {
    args: { xmlstring: '<a><b/></a>', xpath: '/a/b', value: 'x' },
    ...AGAIN,
  }),
  edit('indents a text', { xpath: '/a/b', value: 'x' }, true, {
    args: { xmlstring: '<a><b/></a>', xpath: '/a/b', value: 'x', pretty_print: true },
    ...AGAIN,
  }),
];

/** What Ansible writes anew stays here as it is written. */
const kept: readonly LocalScenario[] = [
  [
    '<a  x = \'1\'   y="2" ><b></b><c  />\\n&gt;\\0047&#65;</a >\\n<!-- end -->\\n',
    { xpath: '/a/c', value: 'x' },
    "<a  x = '1'   y=\"2\" ><b></b><c>x</c>\n&gt;'&#65;</a >\n<!-- end -->",
  ],
  [
    '<?xml version="1.0"?>\\r\\n<a  x = \'1\'   y="2" >\\r\\n<b/>\\r\\n</a>\\r\\n',
    { xpath: '/a', attribute: 'y', value: '3' },
    '<?xml version="1.0"?>\r\n<a  x = \'1\'   y="3" >\r\n<b/>\r\n</a>',
  ],
  [
    "<a><b q='1'/><c q='\"' /></a>",
    { xpath: '/a/c/@q', state: 'absent' },
    "<a><b q='1'/><c /></a>",
  ],
].map(([start, args, shows], index) =>
  edit(`keeps bytes ${index + 1}`, args as LocalScenario['args'], true, {
    setup: `printf '%b' '${String(start).replaceAll("'", '\\0047')}' >f`,
    look: 'cat f',
    shows: String(shows),
    snapshot: `/usr/bin/python3 -c 'import sys; from lxml import etree; etree.parse("f").write_c14n(sys.stdout.buffer)' || true`,
  }),
);

const all = [...texts, ...attributes, ...removals, ...children, ...questions, ...forms, ...kept];

testLocalScenarios({ module: xml, scenarios: sampled(all, 4), pythonLibrary: 'lxml' });
