package dev.moongate.provider;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AddressGuardTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1/a.png", "http://localhost/", "http://LOCALHOST:8080/a", "http://0.0.0.0/",
        "http://127.1/", "http://0177.0.0.1/", "http://0x7f.1/", "http://2130706433/",
        "http://127.000.000.001/", "http://１２７.0.0.1/", "http://①②⑦.0.0.1/", "http://0/",
        "http://0x7f000001", "http://127。0。0。1/", "http://1.1.1.256/", "http://1.2.3.4.5/",
        "http://08.8.8.8/", "http://8.8.8/"
      })
  void row98LoopbackInEveryNotation(String url) {
    assertThat(AddressGuard.refusalOf(url)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1",
        "198.19.255.255", "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255",
        "168.63.129.16", "192.0.2.1", "198.51.100.7", "203.0.113.9", "192.88.99.1"
      })
  void row99PrivateAndSpecialPurposeV4(String address) {
    assertThat(AddressGuard.refusalOf("https://" + address + "/a.png")).isPresent();
    assertThat(AddressGuard.refusalOf("https://" + address + ".:443/a.png")).isPresent();
    assertThat(AddressGuard.isPublic(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "::1",
        "::",
        "fe80::1",
        "fc00::1",
        "fd12:3456::1",
        "fec0::1",
        "::ffff:10.0.0.1",
        "::10.0.0.1",
        "2002:0a00:0001::",
        "64:ff9b::a00:1",
        "64:ff9b:1::a00:1",
        "2001::4136:e378:8000:63bf",
        "::ffff:7f00:1",
        "ff02::1",
        "2001:db8::1",
        "100::1",
        "3fff::1",
        "5f00::1",
        "2001:10::1",
        "2001:2::1"
      })
  void row100SpecialPurposeV6(String address) {
    assertThat(AddressGuard.refusalOf("http://[" + address + "]/a.png")).isPresent();
    assertThat(AddressGuard.refusalOf("http://[" + address + "]:8080/a.png")).isPresent();
    assertThat(AddressGuard.isPublic(InetAddress.ofLiteral(address))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://[fe80::1%eth0]/", "http://[fe80::1%25eth0]/", "http://[::1", "http://::1/",
        "http://[127.0.0.1]/", "http://[v1.fe80]/", "http://[]/", "http://[::1]x/"
      })
  void row100MalformedV6(String url) {
    assertThat(AddressGuard.refusalOf(url)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://metadata.google.internal/computeMetadata/v1/",
        "http://metadata.google.internal./",
        "http://10.0.0.1.nip.io/",
        "http://localtest.me/",
        "http://a.localtest.me./",
        "http://localhost./",
        "http://x.localhost/",
        "http://printer.local/",
        "http://redis/",
        "http://api.default.svc.cluster.local/",
        "http://a..b/",
        "http://a.com../",
        "http://./"
      })
  void row101NamesOfTheInside(String url) {
    assertThat(AddressGuard.refusalOf(url)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "ftp://example.com/a",
        "gopher://example.com/",
        "dict://e.com/",
        "ldap://e.com/",
        "jar:http://e.com!/a",
        "netdoc:/etc/passwd",
        "unix:/run/x.sock",
        "javascript:alert(1)",
        "oss://bucket/a.png",
        "http:/\\example.com/",
        "http:example.com",
        "//example.com/a.png",
        "HTTP://127.0.0.1/",
        "",
        "http://",
        "http:///a.png",
        "example.com"
      })
  void row104Schemes(String url) {
    assertThat(AddressGuard.refusalOf(url)).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://good@10.0.0.1/",
        "http://user:pw@example.com/",
        "http://10.0.0.1#@good.com/",
        "http://good.com#@10.0.0.1/",
        "http://good.com?@10.0.0.1/",
        "http://good.com\\@10.0.0.1/",
        "http://good.com/\ta",
        "http://good.com/\na",
        " http://good.com/",
        "http://good.com/ a",
        "http://good%2f.com/",
        "http://%31%32%37.0.0.1/",
        "http://good.com:22/",
        "http://g.com:25/",
        "http://good.com:6379/",
        "http://good.com:0/",
        "http://good.com:65536/",
        "http://g.com:/",
        "http://good.com:80:80/",
        "http://good.com:+80/",
        "http://good.com/\u200b",
        "http://good.com/\u0000"
      })
  void row105UserinfoFragmentsAndPorts(String url) {
    assertThat(AddressGuard.refusalOf(url)).isPresent();
  }

  @Test
  void row106AnEndlessUrl() {
    assertThat(AddressGuard.refusalOf("https://example.com/" + "a".repeat(1_000_000))).isPresent();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com/a.png",
        "http://example.com",
        "HTTPS://EXAMPLE.COM/A.PNG",
        "https://cdn.example.com:8443/a/b.png?Expires=1&Signature=a%2Fb%3D&x=a@b",
        "https://8.8.8.8/a.png",
        "http://[2606:4700::1111]/a.png",
        "https://example.com/图片.png",
        "https://example.com./a",
        "http://1.example.com/",
        "https://dashscope-result-bj.oss-cn-beijing.aliyuncs.com/1d/x/a_b.png?Expires=17"
      })
  void ordinaryUrlsAreTaken(String url) {
    assertThat(AddressGuard.refusalOf(url)).isEmpty();
  }

  @Test
  void aHostInAnotherScriptIsAskedForInItsAsciiForm() {
    assertThat(AddressGuard.refusalOf("https://例子.中国/"))
        .hasValueSatisfying(why -> assertThat(why).contains("xn--"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"8.8.8.8", "47.95.1.1", "2400:3200::1", "64:ff9b::808:808"})
  void addressesOfTheInternetArePublic(String address) {
    assertThat(AddressGuard.isPublic(InetAddress.ofLiteral(address))).isTrue();
  }
}
