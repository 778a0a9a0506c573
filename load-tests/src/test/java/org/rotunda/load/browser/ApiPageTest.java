package org.rotunda.load.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.rotunda.load.client.Tokens;

/** Tests the page of the REST API in a browser: it shows the document, sends a request, and loads nothing from elsewhere. */
@Tag("browser")
@ExtendWith(RigExtension.class)
class ApiPageTest {
    private static final double PATIENCE_MS = 30_000;

    private static void awaitVisible(Locator locator) {
        locator.first().waitFor(new Locator.WaitForOptions().setTimeout(PATIENCE_MS));
    }

    @Test
    void listsTheOperationsAndSendsARequest(Rig rig) {
        Page page = rig.demoLobby("alice", rig.freshRoom());
        List<String> addresses = new ArrayList<>();
        List<String> errors = new ArrayList<>();
        page.onRequest(request -> addresses.add(request.url()));
        page.onPageError(errors::add);
        page.addInitScript("window.violations = [];document.addEventListener('securitypolicyviolation', event =>"
                + " violations.push(event.violatedDirective + ' ' + event.blockedURI));");
        page.navigate(rig.node().httpUrl() + "/openapi");
        awaitVisible(page.locator(".opblock"));
        assertThat(page.locator(".opblock").count()).isGreaterThan(50);

        page.locator("button.authorize").first().click();
        page.locator(".auth-container input[type=text]").fill(Tokens.ACCOUNT);
        page.locator(".auth-container input[type=password]").fill(Tokens.AUTH_TOKEN);
        page.locator(".auth-container button.authorize").click();
        page.locator(".auth-container button.btn-done").click();
        Locator listRooms = page.locator("#operations-Rooms-listRooms");
        listRooms.locator("button.opblock-summary-control").click();
        listRooms.locator("button.try-out__btn").click();
        listRooms.locator("button.execute").click();
        Locator answer = listRooms.locator(".live-responses-table .response");
        awaitVisible(answer);
        assertThat(answer.first().textContent()).contains("200", "first_page_url");

        String host = URI.create(page.url()).getAuthority();
        assertThat(addresses)
                .allMatch(address -> address.startsWith("data:")
                        || host.equals(URI.create(address).getAuthority()));
        assertThat(errors).isEmpty();
        assertThat(CallPage.<String>castList(page.evaluate("() => window.violations")))
                .isEmpty();
    }
}
