/** What accounts of a relay have not, and what to do about it. */
export const instead = {
  dual: 'Create a second account, and drop the first when nobody uses it any more',
  factors: 'An account of a relay has one password; REQUIRE adds a certificate to it',
  policy: 'Accounts of a relay keep their passwords until somebody changes them',
  limits: 'Accounts of a relay have no limits of their own; max_connections is that of all',
  attributes: 'Accounts of a relay have no comments and no attributes',
  roles: 'A relay has no roles: grant the privileges themselves',
  columns: 'Privileges of a relay are for whole tables',
  routines: 'A relay has no routines',
  proxies: 'A relay has no proxy users',
} as const;
