// One page, built from a book's views; nothing is fetched from elsewhere when it is read.
export default {
  title: 'pghedge',
  root: 'src',
  theme: ['air', 'near-midnight', 'alt', 'wide'],
  globalStylesheets: [],
  head: '<link rel="icon" href="data:,">',
  header: '',
  footer: 'Built from the views of a book by pghedge; numbers are as of the time it was built.',
  pages: [],
  sidebar: false,
  toc: false,
  pager: false,
  search: false,
};
