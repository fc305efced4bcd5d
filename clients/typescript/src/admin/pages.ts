/** Everything of a list, page by page. */
export async function* allPages<Item>(page: (pageToken: string) => Promise<{ readonly items: readonly Item[]; readonly nextPageToken: string }>): AsyncGenerator<Item> {
  let pageToken = "";
  do {
    const { items, nextPageToken } = await page(pageToken);
    yield* items;
    pageToken = nextPageToken;
  } while (pageToken !== "");
}
