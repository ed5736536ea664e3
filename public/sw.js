/*
 * The service worker of a page that is being written (`vivarium dev`, `npm run dev`): it takes away what a built site has
 * left at this address, so that the page is seen as it is now. `vivarium build` has another one in its place.
 */
addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  const folder = new URL("./", location.href).pathname;
  const kept = await caches.keys();
  const ours = kept.filter((name) => name.startsWith("vivarium ") && name.endsWith(` ${folder}`));
  await Promise.all(ours.map((name) => caches.delete(name)));
  await self.registration.unregister();
  // What they show came from the built site.
  for (const client of await self.clients.matchAll({ type: "window" })) await client.navigate(client.url);
}
