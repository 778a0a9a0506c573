package org.rotunda.load.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.rotunda.load.browser.CallPage;
import org.rotunda.load.browser.Chromium;
import org.rotunda.load.browser.Pages;
import org.rotunda.load.testkit.Rest;

/** A process of {@code rotunda dev} on its embedded database, with browser pages. Test thread only. */
final class DevRig implements AutoCloseable {
    private static final int HEAP_MIB = 384;

    private final DevProcess dev;
    private final Pages pages;

    private DevRig(DevProcess dev, Pages pages) {
        this.dev = dev;
        this.pages = pages;
    }

    /** Starts the process and returns when the node is ready. */
    static DevRig start(String test, Map<String, Object> overrides, Chromium chromium) throws IOException {
        Pages pages = new Pages(chromium);
        try {
            return new DevRig(DevProcess.start(test, overrides, HEAP_MIB, List.of()), pages);
        } catch (IOException | RuntimeException | AssertionError failure) {
            pages.close();
            throw failure;
        }
    }

    NodeProcess node() {
        return dev.node();
    }

    Rest rest() {
        return new Rest(dev.url());
    }

    InetSocketAddress address() {
        return dev.http();
    }

    CallPage page(String identity) {
        return pages.page(identity, dev.signaling().toString());
    }

    @Override
    public void close() {
        pages.close();
        dev.close();
    }
}
