let page = "";
let count = 0;

/** The page's title in the browser's tab, with the number of what is unseen before it. */
export function setPageTitle(title: string): void {
  page = title;
  write();
}

export function setTitleCount(unseen: number): void {
  count = unseen;
  write();
}

function write(): void {
  document.title = count > 0 ? `(${String(count)}) ${page}` : page;
}
