package org.rotunda.node;

import picocli.CommandLine.IVersionProvider;

/** The version the program was built as. */
final class Version implements IVersionProvider {
    @Override
    public String[] getVersion() {
        String version = Main.class.getPackage().getImplementationVersion();
        return new String[] {"rotunda " + (version == null ? "(not packaged)" : version)};
    }
}
