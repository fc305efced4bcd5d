using Decision.Engine;
using Decision.Runtime.Administration;
using Decision.Runtime.Decisions;
using Decision.Runtime.Tests.Support;

namespace Decision.Runtime.Tests.Decisions;

/// <summary>Signed requests, by every way in which they can name their key.</summary>
public sealed class SignatureTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_signature_names_its_key_by_id_or_text_in_api_key_or_headers(bool byId, bool inApiKey)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold") with { HmacEnabled = true });
        string signature = Sample.Signature(byId ? key.Record.Key.Id : key.ApiKey, key.HmacString, TestRuntime.Start);

        Verdict cold = await runtime.AskAsync(Signed(signature, inApiKey));
        Verdict warm = await runtime.AskAsync(Signed(signature, inApiKey));

        Assert.Equal([Reason.Allowed, Reason.Allowed], new[] { cold.Reason, warm.Reason });
        Assert.Equal(key.Record.Key.Id, warm.Grant!.KeyId);
    }

    [Theory]
    [InlineData("partner-key-0123456789")]
    [InlineData("ABCDEFGH12345678")]
    public async Task A_signature_names_a_custom_key_by_its_text_even_where_it_looks_like_an_id(string custom)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        await runtime.CreateAsync(Sample.Policy("gold") with { EnableHttpSignatureValidation = true });
        CreatedKey key = await runtime.CreateKeyAsync(Sample.Key("gold"), custom);
        string signature = Sample.Signature(custom, key.HmacString, TestRuntime.Start);

        Verdict cold = await runtime.AskAsync(Signed(signature, inApiKey: true));
        Verdict warm = await runtime.AskAsync(Signed(signature, inApiKey: true));

        Assert.Equal([Reason.Allowed, Reason.Allowed], new[] { cold.Reason, warm.Reason });
        Assert.Equal(key.Record.Key.Id, warm.Grant!.KeyId);
        Assert.Equal(1, runtime.KeyStore.HashFinds);
    }

    [Fact]
    public async Task A_wrong_or_missing_signature_is_refused_and_spends_nothing()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold", quota: 5) with { HmacEnabled = true });

        Verdict wrong = await runtime.AskAsync(Signed(Sample.Signature(key.Record.Key.Id, "another secret", TestRuntime.Start), inApiKey: true));
        Verdict missing = await runtime.AskAsync(key);

        Assert.Equal([Reason.SignatureInvalid, Reason.SignatureInvalid], new[] { wrong.Reason, missing.Reason });
        Assert.Equal(["quota policy:gold 0/5"], await runtime.UsageAsync(key));
    }

    [Theory]
    [InlineData(300, Reason.Allowed)]
    [InlineData(301, Reason.SignatureInvalid)]
    public async Task A_signature_is_accepted_within_the_clock_skew(int seconds, Reason expected)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold") with { HmacEnabled = true });
        string signature = Sample.Signature(key.Record.Key.Id, key.HmacString, TestRuntime.Start);

        runtime.Time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(expected, (await runtime.AskAsync(Signed(signature, inApiKey: false))).Reason);
    }

    [Fact]
    public async Task The_id_with_any_signature_is_unknown_where_the_key_demands_none()
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();
        CreatedKey key = await runtime.CreateKeyWithAsync(Sample.Policy("gold"));

        Verdict verdict = await runtime.AskAsync(Signed(Sample.Signature(key.Record.Key.Id, "x", TestRuntime.Start), inApiKey: true));

        Assert.Equal(Reason.KeyUnknown, verdict.Reason);
    }

    [Theory]
    [InlineData("Signature keyId=")]
    [InlineData("Signature ")]
    [InlineData("Signature keyId=\"nobody0123456789\",signature=\"YQ==\"")]
    public async Task A_signature_that_names_nobody_is_unknown(string presented)
    {
        await using TestRuntime runtime = await TestRuntime.StartAsync();

        Assert.Equal(Reason.KeyUnknown, (await runtime.AskAsync(presented)).Reason);
    }

    private static DecisionCall Signed(string signature, bool inApiKey)
    {
        DecisionCall call = Sample.Call(inApiKey ? signature : "");
        return call with
        {
            Request = call.Request with
            {
                Headers = inApiKey
                    ? [Sample.Date(TestRuntime.Start)]
                    : [new("Authorization", signature), Sample.Date(TestRuntime.Start)],
            },
        };
    }
}
