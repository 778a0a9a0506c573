package org.rotunda.load.browser;

import com.microsoft.playwright.BrowserContext;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The pages of a test. They come from a page server of their own and run in one browser. */
public final class Pages implements AutoCloseable {
    private final Supplier<BrowserContext> contexts;
    private final PageServer server = new PageServer();
    private final List<CallPage> open = new ArrayList<>();

    public Pages(Chromium chromium) throws IOException {
        this(chromium::context);
    }

    /** @param contexts makes a browser context for each page */
    Pages(Supplier<BrowserContext> contexts) throws IOException {
        this.contexts = contexts;
    }

    /** Returns the URL of the test page. */
    String url() {
        return server.url();
    }

    /** Opens the test page of one user. */
    public CallPage page(String identity, String signalingUrl) {
        return page(identity, signalingUrl, server.url());
    }

    /** Opens another page by its URL. */
    CallPage page(String identity, String signalingUrl, String url) {
        CallPage page = new CallPage(identity, signalingUrl, contexts.get(), url);
        open.add(page);
        return page;
    }

    /** Closes all open pages; further pages can be opened afterwards. */
    public void closeAll() {
        open.forEach(CallPage::close);
        open.clear();
    }

    @Override
    public void close() {
        closeAll();
        server.close();
    }
}
