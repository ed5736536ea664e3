/** The same worker in one piece, for the library: not every bundler divides a worker's code. */
import * as introspect from "../../src/introspect/index.ts";
import { beginAhead } from "./ahead.ts";
import { serveMachine } from "./browser-machine.ts";

serveMachine(beginAhead(self.name), async () => introspect);
