using System.Net;
using Decision.Engine.Addresses;
using Decision.TestKit;
using FsCheck.Xunit;

namespace Decision.Engine.Tests.Addresses;

public class AddressListTests
{
    private static AddressList Parse(params string[] entries)
    {
        var list = AddressList.Parse(entries, out var problems);
        Assert.Empty(problems);
        return list;
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.1 ::ffff:10.0.0.1 ::FFFF:0a00:1 0:0:0:0:0:ffff:10.0.0.1", "10.0.0.2 ::10.0.0.1 ::a00:1")]
    [InlineData("::ffff:10.0.0.1", "10.0.0.1", "10.0.0.2")]
    [InlineData("10.0.0.0/8", "10.0.0.0 10.255.255.255 ::ffff:10.1.2.3", "9.255.255.255 11.0.0.0 ::1")]
    [InlineData("::ffff:10.0.0.0/104", "10.1.2.3", "11.0.0.0")]
    [InlineData("192.0.2.128/25", "192.0.2.128 192.0.2.255", "192.0.2.127 192.0.3.0")]
    [InlineData("192.0.2.1/32", "192.0.2.1", "192.0.2.0 192.0.2.2")]
    [InlineData("0.0.0.0/0", "0.0.0.0 255.255.255.255 ::ffff:1.2.3.4", "::1 ::")]
    [InlineData("::/0", ":: ::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", "1.2.3.4 ::ffff:1.2.3.4")]
    [InlineData("2001:db8::/32", "2001:db8:: 2001:DB8::1 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff", "2001:db9:: 2001:db7:ffff::")]
    [InlineData("2001:db8::1/128", "2001:db8::1 2001:0db8:0:0:0:0:0:1 2001:db8::0.0.0.1", "2001:db8::2")]
    public void Contains_addresses_of_an_entry_only(string entry, string contained, string others)
    {
        var list = Parse(entry);
        Assert.All(contained.Split(' '), address => Assert.True(list.Contains(address), address));
        Assert.All(others.Split(' '), address => Assert.False(list.Contains(address), address));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" 1.2.3.4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.4.5")]
    [InlineData("1.2.3.")]
    [InlineData(".1.2.3")]
    [InlineData("1..2.3")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.256")]
    [InlineData("1.2.3.-4")]
    [InlineData("1.2.3.0x4")]
    [InlineData("16909060")]
    [InlineData("1.2.3.4:80")]
    [InlineData("1.2.3.4/32")]
    [InlineData("[::1]")]
    [InlineData("fe80::1%eth0")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData("::1::")]
    [InlineData("1:")]
    [InlineData(":1")]
    [InlineData("::1:")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData(":: 1")]
    [InlineData("::1.2.3")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("1.2.3.4::")]
    [InlineData("::1.2.3.4:1")]
    [InlineData("localhost")]
    public void Contains_what_is_no_address_is_not_contained(string clientIp)
    {
        Assert.False(Parse("0.0.0.0/0", "::/0").Contains(clientIp));
        if (!clientIp.EndsWith("/32", StringComparison.Ordinal))
        {
            AddressList.Parse([clientIp], out var problems);
            Assert.Contains("is not an IP address or block", Assert.Single(problems).Problem, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("10.0.0.1/8", "10.0.0.0/8")]
    [InlineData("2001:db8::1/32", "2001:db8::/32")]
    [InlineData("0.0.0.1/0", "0.0.0.0/0")]
    [InlineData("::1/0", "::/0")]
    public void Parse_bits_behind_the_prefix_are_a_problem_with_the_block_to_write(string entry, string expected)
    {
        var list = AddressList.Parse([entry], out var problems);

        Assert.Contains($"write {expected} for the block", Assert.Single(problems).Problem, StringComparison.Ordinal);
        Assert.False(list.IsEmpty);
        Assert.False(list.Contains("10.0.0.1"));
    }

    [Theory]
    [InlineData("10.0.0.0/33", "0 to 32")]
    [InlineData("10.0.0.0/", "0 to 32")]
    [InlineData("10.0.0.0/-1", "0 to 32")]
    [InlineData("10.0.0.0/ 8", "0 to 32")]
    [InlineData("10.0.0.0/0008", "0 to 32")]
    [InlineData("10.0.0.0/255.0.0.0", "0 to 32")]
    [InlineData("::/129", "0 to 128")]
    public void Parse_bad_prefix_is_a_problem(string entry, string expected)
    {
        AddressList.Parse([entry], out var problems);

        Assert.Contains(expected, Assert.Single(problems).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_every_problem_is_reported_with_its_place_and_the_rest_holds()
    {
        var list = AddressList.Parse(["x", "10.0.0.1", "y"], out var problems);

        Assert.Equal([0, 2], problems.Select(one => one.Index));
        Assert.True(list.Contains("10.0.0.1"));
    }

    [Fact]
    public void Contains_empty_list_contains_nothing()
    {
        Assert.True(Parse().IsEmpty);
        Assert.False(Parse().Contains("10.0.0.1"));
        Assert.False(Parse("10.0.0.1").IsEmpty);
    }

    [Fact]
    public void Contains_overlapping_and_unsorted_entries_hold_all_their_addresses()
    {
        var list = Parse("10.2.0.0/16", "10.0.0.0/8", "10.1.0.0/16", "9.9.9.9", "192.168.0.0/16", "9.9.9.9");

        Assert.All(["10.0.0.0", "10.200.0.1", "10.255.255.255", "9.9.9.9", "192.168.3.4"], address => Assert.True(list.Contains(address), address));
        Assert.All(["9.9.9.8", "9.9.9.10", "11.0.0.0", "192.167.255.255"], address => Assert.False(list.Contains(address), address));
    }

    [Fact]
    public void Contains_allocates_nothing()
    {
        var list = Parse("10.0.0.0/8", "2001:db8::/32");

        long bytes = Allocations.SteadyStateOf(() =>
        {
            list.Contains("10.1.2.3");
            list.Contains("2001:db8::1.2.3.4");
            list.Contains("nonsense");
        });

        Assert.Equal(0, bytes);
    }

    [Property(MaxTest = 2000)]
    public bool Contains_every_spelling_that_the_platform_writes(byte[] random, ushort zeros)
    {
        var bytes = new byte[16];
        random.AsSpan(0, Math.Min(16, random.Length)).CopyTo(bytes);
        for (var i = 0; i < 16; i++)
        {
            bytes[i] = (zeros & (1 << i)) != 0 ? (byte)0 : (byte)(bytes[i] ^ (i * 37));
        }

        var address = new IPAddress(bytes);
        var other = (byte[])bytes.Clone();
        other[15] ^= 1;
        var list = Parse(address.ToString());
        return list.Contains(address.ToString().ToUpperInvariant()) && !list.Contains(new IPAddress(other).ToString());
    }
}
