#include "email_support.hpp"

#include <switchboard/channels/html.hpp>

namespace switchboard::channels {
namespace {

struct example {
    std::string_view html, expected;
};

TEST(html_to_text, reads_as_a_browser_shows_it) {
    for (const auto& [html, expected] : {
             example{"plain", "plain"},
             example{"  a \n b&nbsp;c ", "a b c"},
             example{"<p>one</p><p>two</p>", "one\n\ntwo"},
             example{"<div>one</div><div>two<br>three</div>", "one\ntwo\nthree"},
             example{"<ul><li>a<li>b</ul>", "- a\n- b"},
             example{"<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"},
             example{"<pre>x\n  y</pre>", "x\n  y"},
             example{"a<blockquote>q1<br>q2</blockquote>b", "a\n> q1\n> q2\nb"},
             example{"<head><title>t</title><style>s</style></head><body>x<script>y</script></body>", "x"},
             example{"a<!-- hidden -->b<!---->c<!-->d", "abcd"},
             example{"&lt;b&gt; &amp;amp; &#8364; &#x20AC; &#128; &euro; &nosuch; &copy",
                     "<b> &amp; € € € € &nosuch; ©"},
             example{"&#0;&#xD800;&#99999999;", "\uFFFD\uFFFD\uFFFD"},
             example{"5 < 6 and 7 > 6", "5 < 6 and 7 > 6"},
             example{"words <b unfinished", "words <b unfinished"}, // nothing is lost
             example{"<img alt='a logo' src=x>", "a logo"},
         })
        EXPECT_EQ(html_to_text(html), expected) << html;
}

constexpr std::string_view filled_form =
    "<form><p>Name: <input type=\"text\" value=\"Ann &amp; Bob\"></p><p>Mail <INPUT VALUE=ann@x.y></p>"
    "<p>Plan: <select name=p><option value=1>Basic</option><option selected value=2>Gold</option></select></p>"
    "<label><input type=checkbox checked> Call me</label><br><label><input type='radio' name=a> By post</label>"
    "<textarea rows=3>\nIt <b>leaks</b> &lt;here&gt;.\nSince Monday.</textarea><input type=hidden value=t0ken>"
    "<input type=password value=s3cret><input type=submit value=Send><input></form><p>end</p>";

TEST(html_to_text, reads_what_was_filled_into_a_form) {
    EXPECT_EQ(html_to_text(filled_form), "Name: Ann & Bob\n\nMail ann@x.y\n\nPlan: [ ] Basic\n[x] Gold\n\n[x] Call me\n"
                                         "[ ] By post\nIt <b>leaks</b> <here>.\nSince Monday.\n\nend");
    EXPECT_EQ(html_to_text("<table><tr><td>Lamp<td><input value=2></tr><tr><td>Cable<td><input value=''></tr></table>"),
              "Lamp\t2\nCable");
    EXPECT_EQ(html_to_text("<textarea>not closed <p>words"), "not closed <p>words") << "nothing is lost";
    EXPECT_EQ(html_to_text("a<textarea></textarea>b"), "a\nb");
}

TEST(html_sanitize, shows_what_was_filled_into_a_form_and_no_field_of_it) {
    const auto page = sanitize_html(filled_form).html;
    for (const auto* words : {"Ann &amp; Bob", "ann@x.y", "[x] Gold", "[ ] Basic", "[x]  Call me",
                              "<pre>It &lt;b&gt;leaks&lt;/b&gt; &lt;here&gt;.\nSince Monday.</pre>"})
        EXPECT_TRUE(page.contains(words)) << words << " in " << page;
    for (const auto* word : {"<input", "<select", "<option", "<textarea", "<form", "t0ken", "s3cret", "Send"})
        EXPECT_FALSE(page.contains(word)) << word;
}

TEST(html_sanitize, keeps_what_a_mail_looks_like) {
    for (const auto& [html, expected] : {
             example{"<p>a <b>b</b> <i>c</i><br>d</p>", "<p>a <b>b</b> <i>c</i><br>d</p>"},
             example{"<td style='color:red; background-color: rgb(1, 2, 3)'>x",
                     "<td style=\"color:red;background-color:rgb(1, 2, 3)\">x</td>"},
             example{"<a href='https://x.y/?a=1&amp;b=2'>l</a>",
                     "<a href=\"https://x.y/?a=1&amp;b=2\" rel=\"noopener noreferrer\" target=\"_blank\">l</a>"},
             example{"<img src='cid:logo@x' width=10>", "<img src=\"cid:logo@x\" width=\"10\">"},
             example{"<img src='data:image/png;base64,AAAA'>", "<img src=\"data:image/png;base64,AAAA\">"},
             example{"5 < 6 &amp; \"q\"", "5 &lt; 6 &amp; &quot;q&quot;"},
             example{"<ul><li>a<li>b</ul>", "<ul><li>a</li><li>b</li></ul>"},
             example{"<b><p>a</b>b</p>", "<b><p>a</p></b>b"},
             example{"<table><tr><td>a</font></table></div>", "<table><tr><td>a</td></tr></table>"},
             example{"<unknown>words</unknown>", "words"},
         })
        EXPECT_EQ(sanitize_html(html).html, expected) << html;
}

// The tags without the values of their attributes: words are harmless as text and in quotes.
std::string tags_of(std::string_view html) {
    std::string out;
    bool tag = false, quoted = false;
    for (const char c : html) {
        if (c == '"' && tag) quoted = !quoted;
        if (c == '<') tag = true;
        if (tag && !quoted) out += c;
        if (c == '>' && !quoted) tag = false;
    }
    return out;
}

// Each line is a way in that some filter has let pass. None of these words may come out as markup.
TEST(html_sanitize, lets_nothing_in_that_runs_loads_or_escapes) {
    for (const std::string_view html : {
             "<script>alert(1)</script>",
             "<SCRIPT SRC=//x.y/e.js></SCRIPT>",
             "<scr<script>ipt>alert(1)</script>",
             "<img src=x onerror=alert(1)>",
             "<img/onerror=alert(1) src=x>",
             "<svg onload=alert(1)>",
             "<svg><script>alert(1)</script></svg>",
             "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
             "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
             "<style><img src='</style><img src=x onerror=alert(1)>'></style>",
             "<textarea></textarea><img src=x onerror=alert(1)>",
             "<title><img src=x onerror=alert(1)></title>",
             "<a href=javascript:alert(1)>x</a>",
             "<a href=' java\tscript\n:alert(1)'>x</a>",
             "<a href='&#106;avascript:alert(1)'>x</a>",
             "<a href='javascript&colon;alert(1)'>x</a>",
             "<a href='java&Tab;script:alert(1)'>x</a>",
             "<a href='\x01javascript:alert(1)'>x</a>",
             "<a href='vbscript:x'>x</a>",
             "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
             "<img src='data:image/svg+xml;base64,AAAA'>",
             "<img src='javascript:alert(1)'>",
             "<iframe src=//x.y></iframe>",
             "<object data=//x.y></object>",
             "<embed src=//x.y>",
             "<form action=//x.y><input name=password><button>go</button></form>",
             "<base href=//x.y>",
             "<meta http-equiv=refresh content='0;url=//x.y'>",
             "<link rel=stylesheet href=//x.y>",
             "<p style='position:fixed;top:0'>x</p>",
             "<p style='background:url(javascript:alert(1))'>x</p>",
             "<p style='width:expression(alert(1))'>x</p>",
             "<p style='w\\69 dth:expression(alert(1))'>x</p>",
             "<p style='color:red;/*'>x</p><p style='*/position:fixed'>x</p>",
             "<p style='margin:-9999px'>x</p>",
             "<div id=app class=modal name=x>x</div>",
             "<p title='\"><script>alert(1)</script>'>x</p>",
             "<a target=_self rel=opener href=https://x.y>x</a>",
             "<!--><script>alert(1)</script>-->",
             "<!--[if IE]><script>alert(1)</script><![endif]-->",
             "<p\0onclick=alert(1)>x</p>",
             "<template><img src=x onerror=alert(1)></template>",
             "<xmp><img src=x onerror=alert(1)></xmp>",
             "<video src=//x.y onloadstart=alert(1)>",
             "<b onmouseover='alert(1)'>x</b>",
             "<img src=x:x onerror=alert(1)//",
             "<<script>alert(1)//<</script>",
             "<p style=\"font-family:'</p><script>alert(1)</script>'\">x</p>",
         }) {
        const auto out = sanitize_html(html).html;
        for (const std::string_view danger :
             {"<script",   "<svg",        "<math",     "<style",    "<iframe",        "<object",  "<embed",
              "<form",     "<input",      "<button",   "<base",     "<meta",          "<link",    "<video",
              "<template", "javascript:", "vbscript:", "data:text", "data:image/svg", "position", "expression",
              "url(",      "margin:-",    " id=",      " class=",   " name=",         "_self",    "\"opener"})
            EXPECT_FALSE(out.contains(danger)) << danger << " in " << out << " from " << html;
        for (const std::string_view handler : {"onerror", "onload", "onclick", "onmouseover"})
            EXPECT_FALSE(tags_of(out).contains(handler)) << out << " from " << html;
        EXPECT_EQ(sanitize_html(out).html, out) << "not stable: " << html;
    }
}

TEST(html_sanitize, remote_pictures_wait_for_the_reader_and_are_counted) {
    const auto page =
        sanitize_html("<img src='https://t.x/p.gif'><img src=//t.x/q.gif><td background='http://t.x/b.png'>"
                      "<p style='background:url(https://t.x/c.png)'>x</p><img src=cid:a>");
    EXPECT_EQ(page.blocked_remote_count, 4u);
    EXPECT_TRUE(page.html.contains("<img data-remote-src=\"https://t.x/p.gif\">"));
    EXPECT_TRUE(page.html.contains("<img data-remote-src=\"https://t.x/q.gif\">"));
    EXPECT_EQ(page.remote_pictures, (std::vector<std::string>{"https://t.x/p.gif", "https://t.x/q.gif"}));
    EXPECT_EQ(sanitize_html("<img src=http://a/1><img src=http://b/2><img src=http://a/1>").remote_pictures,
              (std::vector<std::string>{"http://a/1", "http://b/2"}));
    EXPECT_FALSE(page.html.contains(" src=\"http"));
    EXPECT_FALSE(page.html.contains("b.png"));
}

TEST(html_sanitize, nesting_and_megabytes_of_markup_are_bounded) {
    for (const std::string_view unit :
         {"<div>", "<b><p>", "<a href='", "<table><tr><td>", "<", "</b>", "<p style='color:red;", "<!--",
          "<i a=1 b=2 c=3>", "<textarea>", "<textarea></textarea>", "<input value=a>", "<option selected>"}) {
        std::string html;
        while (html.size() < (1u << 20)) html += unit;
        const double start = cpu_seconds();
        const auto out = sanitize_html(html).html;
        EXPECT_LT(cpu_seconds() - start, linear_seconds) << unit;
        EXPECT_LT(out.size(), 8 * html.size());
    }
}

} // namespace
} // namespace switchboard::channels
