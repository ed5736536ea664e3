import { Strategy, type StrategyHandler } from "workbox-strategies";

/** Gives what is kept, else what the network has; keeps nothing by itself. */
export class KeptFirst extends Strategy {
  protected async _handle(request: Request, handler: StrategyHandler): Promise<Response> {
    const kept = await handler.cacheMatch(request);
    // Who asks past all caches has found what is kept damaged: it is replaced.
    if (kept === undefined || request.cache === "reload") {
      const response = await handler.fetch(request);
      if (kept !== undefined && response.ok) await handler.cachePut(request, response.clone());
      return response;
    }
    return kept;
  }
}
