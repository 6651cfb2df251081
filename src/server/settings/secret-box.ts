import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyFile } from './key-file.ts';

const PREFIX = 'enc:v1:';
const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Where a secret is stored; an envelope that was moved to another place doesn't open. */
export interface SecretPlace {
  table: string;
  column: string;
  row: string;
}

export type OpenedSecret = { state: 'ok'; secret: string } | { state: 'unreadable' };

/** Encrypts secrets for the database with the key file: AES-256-GCM, a random IV each time. */
export interface SecretBox {
  /** @returns `enc:v1:` and base64url of IV, tag and ciphertext. */
  seal(place: SecretPlace, secret: string): string;
  /** `unreadable` when the key file is lost or another one, or the envelope was changed or moved. */
  open(place: SecretPlace, envelope: string): OpenedSecret;
}

export function createSecretBox(keyFile: KeyFile): SecretBox {
  return {
    seal(place, secret) {
      const iv = randomBytes(IV_BYTES);
      const cipher = createCipheriv('aes-256-gcm', keyFile.readOrCreate(), iv).setAAD(placeBytes(place));
      const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
      return PREFIX + Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
    },
    open(place, envelope) {
      const key = keyFile.read();
      if (!key || !envelope.startsWith(PREFIX)) return { state: 'unreadable' };
      const bytes = Buffer.from(envelope.slice(PREFIX.length), 'base64url');
      if (bytes.length <= IV_BYTES + TAG_BYTES) return { state: 'unreadable' };
      const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
        .setAAD(placeBytes(place))
        .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      try {
        const secret = Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
        return { state: 'ok', secret: secret.toString('utf8') };
      } catch {
        // GCM refuses: another key, another place, or changed bytes. They can't be told apart, and need the same remedy.
        return { state: 'unreadable' };
      }
    },
  };
}

function placeBytes({ table, column, row }: SecretPlace): Buffer {
  return Buffer.from(`${table}:${column}:${row}:v1`, 'utf8');
}
