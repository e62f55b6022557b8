/** The operations that the model calls. Today each is its plain form. */
export * from './plain';
