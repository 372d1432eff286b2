import type { Json } from '../model/json.ts';

export interface ApiResponse {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a text with its own content type. */
  readonly body: Json | TextBody;
}

export class TextBody {
  readonly contentType: string;
  readonly text: string;

  constructor(contentType: string, text: string) {
    this.contentType = contentType;
    this.text = text;
  }
}

export const ok = (body: Json | TextBody): ApiResponse => ({ status: 200, body });
