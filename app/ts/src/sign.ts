import type { MessagePartialSigner, ReadonlyUint8Array, SignatureBytes } from '@solana/kit';

/** The signer's signature of these bytes. Rejects where it gives none. */
export async function signatureOf(signer: MessagePartialSigner, message: Uint8Array): Promise<ReadonlyUint8Array> {
  const [signed] = await signer.signMessages([{ content: message, signatures: {} }]);
  const signature: SignatureBytes | undefined = signed?.[signer.address];
  if (!signature) throw new Error(`${signer.address} did not sign`);
  return signature;
}
