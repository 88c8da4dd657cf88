// `JSON.parse` a line as the body arrives, and typed arrays by hand: the fastest that was found by hand.

import { byHand } from "../by-hand.mjs";
import { streamed } from "../lines.mjs";
import { run } from "../peer.mjs";

run(byHand(streamed));
