using Decision.Engine.Findings;
using Decision.Engine.Json;
using Decision.Engine.Keys;

namespace Decision.Engine.Tests.Json;

public sealed class KeyJsonTests
{
    private const string Full =
        """
        {"key_id":"k1","org_id":"acme","alias":"ann","rate":3,"per":1,"quota_max":10,"quota_renewal_rate":60,"access_rights":{"a":{}},"apply_policies":["gold","silver"],"tags":["t"],"meta_data":{"rate_limit_pattern":"x"},"expires":1700000000,"date_created":"2026-01-31T12:00:00.123456Z","is_inactive":true,"hmac_enabled":true,"enable_http_signature_validation":true,"hmac_string":"s3cret","is_trial_settled":true,"allowed_ips":["::1"],"on_store_failure":"local","session_lifetime":60,"post_expiry_action":"delete","post_expiry_grace_period":5,"last_updated":"1700000000","monitor":{"trigger_limits":[80,90.5]},"basic_auth_data":{"hash_type":"bcrypt"},"certificate":"abc","oauth_keys":{"x":"y"}}
        """;

    /// <summary>A session as an old gateway writes it, every field there.</summary>
    private const string OldForm =
        """
        {"last_check":0,"allowance":3,"rate":3,"per":1,"throttle_interval":0,"throttle_retry_limit":0,"max_query_depth":0,"date_created":"0001-01-01T00:00:00Z",
        "expires":0,"quota_max":10,"quota_renews":1429804261,"quota_remaining":9,"quota_renewal_rate":60,"access_rights":{"a":{"api_name":"A","api_id":"a","versions":["Default"],
        "allowed_urls":null,"limit":null,"allowance_scope":""}},"org_id":"acme","oauth_client_id":"","oauth_keys":null,"certificate":"","basic_auth_data":{"password":"","hash_type":""},
        "jwt_data":{"secret":""},"hmac_enabled":false,"hmac_string":"","is_inactive":false,"apply_policy_id":"","apply_policies":null,"data_expires":0,
        "monitor":{"trigger_limits":null},"enable_detail_recording":false,"meta_data":null,"tags":null,"alias":"","last_updated":"1700000000",
        "id_extractor_deadline":0,"session_lifetime":0,"Mutex":{}}
        """;

    [Fact]
    public void Write_stored_form_comes_back_as_it_was()
    {
        var findings = new FindingList();

        var key = KeyJson.Read(Shape.Element(Full), findings, isStored: true)!;

        Assert.Empty(findings);
        Assert.Equal(("k1", "s3cret", true), (key.Id, key.HmacString, key.IsTrialSettled));
        Assert.Equal(1769860800123456, key.DateCreatedUs);
        Assert.Equal([80, 90.5], key.MonitorTriggerLimits);
        Assert.Equal(Full, Shape.Write(writer => KeyJson.Write(writer, key, withSecrets: true)));
    }

    [Fact]
    public void Write_without_secrets_leaves_out_only_what_callers_do_not_get()
    {
        var key = KeyJson.Read(Shape.Element(Full), [], isStored: true)!;

        Assert.Equal(
            Full.Replace("\"key_id\":\"k1\",", "", StringComparison.Ordinal)
                .Replace("\"hmac_string\":\"s3cret\",\"is_trial_settled\":true,", "", StringComparison.Ordinal),
            Shape.Write(writer => KeyJson.Write(writer, key, withSecrets: false)));
    }

    [Fact]
    public void Read_from_a_caller_cannot_settle_a_trial_or_name_an_id()
    {
        var findings = new FindingList();

        var key = KeyJson.Read(Shape.Element(Full), findings)!;

        Assert.Empty(findings);
        Assert.Equal(("", false, "s3cret"), (key.Id, key.IsTrialSettled, key.HmacString));
    }

    [Fact]
    public void ReadChecked_old_full_form_is_taken_without_a_word()
    {
        var findings = new FindingList();

        var key = KeyJson.ReadChecked(Shape.Element(OldForm), findings)!;

        Assert.Empty(findings);
        Assert.Equal(0, key.DateCreatedUs);
        Assert.Equal(
            """{"org_id":"acme","rate":3,"per":1,"quota_max":10,"quota_renewal_rate":60,"access_rights":{"a":{"api_name":"A","api_id":"a","versions":["Default"]}},"last_updated":"1700000000","basic_auth_data":{"hash_type":""},"Mutex":{},"certificate":"","data_expires":0,"enable_detail_recording":false,"id_extractor_deadline":0,"oauth_client_id":"","oauth_keys":null}""",
            Shape.Write(writer => KeyJson.Write(writer, key, withSecrets: false)));
    }

    [Fact]
    public void ReadChecked_guides_key_is_taken_with_a_word_about_the_deprecated_field()
    {
        const string Guide =
            """
            {
              "allowance": 2, "rate": 3, "per": 1, "expires": 0, "quota_max": 1000, "quota_renews": 1429804261, "quota_remaining": 1000,
              "quota_renewal_rate": 90000, "access_rights": {}, "org_id": "53ac07777cbb8c2d53000002", "EnableHTTPSignatureValidation": false,
              "hmac_enabled": false, "hmac_string": "", "is_inactive": false, "apply_policy_id": "default",
              "apply_policies": [ "59672779fa4387000129507d", "53222349fa4387004324324e" ]
            }
            """;
        var findings = new FindingList();

        var key = KeyJson.ReadChecked(Shape.Element(Guide), findings)!;

        Assert.Equal(
            ["warning key: apply_policy_id: is deprecated, and \"default\" is ignored because apply_policies is written: remove it."],
            Shape.Lines(findings));
        Assert.Equal(
            """{"org_id":"53ac07777cbb8c2d53000002","rate":3,"per":1,"quota_max":1000,"quota_renewal_rate":90000,"apply_policies":["59672779fa4387000129507d","53222349fa4387004324324e"]}""",
            Shape.Write(writer => KeyJson.Write(writer, key, withSecrets: true)));
    }

    [Theory]
    [InlineData("""{"apply_policy_id":"gold"}""", "gold", "apply_policy_id: is deprecated: write apply_policies, a list of policy ids.")]
    [InlineData("""{"apply_policy_id":"gold","apply_policies":[]}""", "gold", "apply_policy_id: is deprecated: write apply_policies, a list of policy ids.")]
    [InlineData("""{"apply_policy_id":"gold","apply_policies":["gold"]}""", "gold", "apply_policy_id: is deprecated: write apply_policies, a list of policy ids.")]
    [InlineData("""{"apply_policy_id":"gold","apply_policies":["a","b"]}""", "a,b", "apply_policy_id: is deprecated, and \"gold\" is ignored because apply_policies is written: remove it.")]
    public void Read_deprecated_policy_id_counts_only_where_the_list_is_empty(string json, string policies, string warning)
    {
        var findings = new FindingList();

        var key = KeyJson.Read(Shape.Element(json), findings)!;

        Assert.Equal(policies, string.Join(',', key.ApplyPolicies));
        Assert.Equal([$"warning key: {warning}"], Shape.Lines(findings));
    }

    [Fact]
    public void Read_passwords_are_reported_and_never_kept()
    {
        var findings = new FindingList();

        var key = KeyJson.Read(
            Shape.Element("""{"basic_auth_data":{"password":"pw-12345","hash_type":"bcrypt"},"jwt_data":{"secret":"jwt-12345"}}"""), findings)!;

        Assert.Equal(
            [
                "warning key: basic_auth_data.password: is not stored: this service keeps no passwords and no JWT secrets.",
                "warning key: jwt_data.secret: is not stored: this service keeps no passwords and no JWT secrets.",
            ],
            Shape.Lines(findings));
        var written = Shape.Write(writer => KeyJson.Write(writer, key, withSecrets: true));
        Assert.Equal("""{"basic_auth_data":{"hash_type":"bcrypt"}}""", written);
    }

    [Fact]
    public void Write_password_among_extra_fields_is_never_written()
    {
        var key = new Key
        {
            ExtraFields = new Key().ExtraFields
                .Add("basic_auth_data", Shape.Element("""{"password":"pw-12345"}"""))
                .Add("jwt_data", Shape.Element("\"jwt-12345\"")),
        };

        Assert.Equal("{}", Shape.Write(writer => KeyJson.Write(writer, key, withSecrets: true)));
    }

    [Theory]
    [InlineData("""{"hmac_string":12345}""", "hmac_string: expected a string, got a number.")]
    [InlineData("""{"jwt_data":{"secret":12345}}""", "jwt_data.secret: expected a string, got a number.")]
    [InlineData("""{"jwt_data":"jwt-12345"}""", "jwt_data: expected an object, got a string.")]
    [InlineData("""{"hmac_string":"a","HMAC_string":"b"}""", "HMAC_string: is there twice, as hmac_string and as HMAC_string: keep one, hmac_string.")]
    [InlineData("""{"expires":"never"}""", "expires: expected a whole number, got the string \"never\".")]
    [InlineData("""{"monitor":{"trigger_limits":["80"]}}""", "monitor.trigger_limits[0]: expected a number, got the string \"80\".")]
    [InlineData("""{"monitor":{"trigger_limits":[1e999]}}""", "monitor.trigger_limits[0]: expected a number, got the number 1e999, which is out of range.")]
    [InlineData("""{"date_created":"yesterday"}""", "date_created: expected a date and time such as 2026-01-31T12:00:00Z (RFC 3339), got \"yesterday\".")]
    [InlineData("""{"apply_policies":"gold"}""", "apply_policies: expected an array, each item a string, got the string \"gold\".")]
    public void Read_wrong_field_is_one_error_without_the_secret(string json, string expected)
    {
        var findings = new FindingList();

        Assert.Null(KeyJson.Read(Shape.Element(json), findings));

        Assert.Equal([$"error key: {expected}"], Shape.Lines(findings));
    }

    [Theory]
    [InlineData("2026-01-31T12:00:00Z", "2026-01-31T12:00:00Z")]
    [InlineData("2026-01-31T12:00:00.5+02:00", "2026-01-31T10:00:00.5Z")]
    [InlineData("2026-01-31T12:00:00.123456789-00:30", "2026-01-31T12:30:00.123456Z")]
    [InlineData("1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z")]
    [InlineData("0001-01-01T00:00:00Z", "")]
    [InlineData("0001-01-01T02:00:00+02:00", "")]
    [InlineData("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z")]
    public void Date_is_read_in_any_offset_and_written_in_utc(string text, string expected)
    {
        Assert.True(JsonDate.TryParse(text, out var us));
        Assert.Equal(expected, JsonDate.Format(us));
    }

    [Theory]
    [InlineData("2026-01-31")]
    [InlineData("2026-01-31T12:00:00")]
    [InlineData("2026-01-31T12:00:00.Z")]
    [InlineData("2026-01-31T12:00:00+0200")]
    [InlineData("2026-02-30T12:00:00Z")]
    [InlineData("2026-01-31T25:00:00Z")]
    [InlineData("2026-01-31 12:00:00Z")]
    [InlineData("0001-01-01T00:00:00+10:00")]
    [InlineData("2026-01-31T12:00:00Zx")]
    public void Date_of_another_form_is_refused(string text) => Assert.False(JsonDate.TryParse(text, out _));
}
