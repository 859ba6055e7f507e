import { z } from 'zod';
import type { Answer, ProgressAnswer } from './answers';
import { requestSchema } from './requests';

/** Longest line that crosses the local socket towards the kiosk, in bytes. */
export const REQUEST_LINE_MAX = 64 * 1024;

/** One line from a client to its kiosk; `seq` names the answer. */
export const endpointRequestSchema = z.strictObject({ seq: z.int().min(0), request: requestSchema });
export type EndpointRequest = z.infer<typeof endpointRequestSchema>;

/** One line from a kiosk to its client: any number of progress lines, then the answer. */
export type EndpointReply = { readonly seq: number; readonly answer: Answer } | { readonly seq: number; readonly progress: ProgressAnswer };
