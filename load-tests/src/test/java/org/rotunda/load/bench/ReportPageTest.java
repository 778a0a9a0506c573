package org.rotunda.load.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportPageTest {
    @Test
    void aPageHasTheTableAndEveryPicture() {
        String page = ReportPage.of(
                List.of("fanout: 1 < 2", "JDK 25"), List.of("figure 1 & 2"), List.of("<svg>a</svg>", "<svg>b</svg>"));

        assertThat(page)
                .contains("<title>fanout: 1 &lt; 2</title>")
                .contains("<p>JDK 25</p>")
                .contains("figure 1 &amp; 2")
                .contains("<svg>a</svg><svg>b</svg>")
                .endsWith("</html>\n");
    }
}
