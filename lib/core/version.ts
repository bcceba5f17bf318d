/** The version of this software, as it stands in the manifests of models that it trained. */
export const VERSION = "0.1.0";
