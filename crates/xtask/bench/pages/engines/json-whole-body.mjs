// The same by hand as it is mostly written: the whole body first, then `JSON.parse`.

import { byHand } from "../by-hand.mjs";
import { whole } from "../lines.mjs";
import { run } from "../peer.mjs";

run(byHand(whole));
