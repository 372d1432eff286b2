/** CSV as Python's `csv` module reads it by default (RFC 4180 quotes). */

/** The rows of the text. */
export function readCsv(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let field = '';
  let isQuoted = false;
  let hasContent = false;
  const endField = (): void => {
    row.push(field);
    field = '';
  };
  const endRow = (): void => {
    if (hasContent || row.length > 0) {
      endField();
      rows.push(row);
    }
    row = [];
    hasContent = false;
  };
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (isQuoted) {
      if (char !== '"') field += char;
      else if (text.charAt(at + 1) === '"') field += text.charAt(at++);
      else isQuoted = false;
    } else if (char === '"' && field === '') {
      isQuoted = true;
      hasContent = true;
    } else if (char === delimiter) {
      endField();
    } else if (char === '\n' || char === '\r') {
      if (char === '\r' && text.charAt(at + 1) === '\n') at++;
      endRow();
    } else {
      field += char;
      hasContent = true;
    }
  }
  endRow();
  return rows;
}
