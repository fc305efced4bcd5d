-- The action lua.decision for HAProxy: asks Decision whether a request may pass.
--
--   http-request lua.decision http://127.0.0.1:8088/forward-auth/orders
--
-- Allowed: what the application is told replaces what the client sent under those names, and what the client is to be told lies in variables
-- of the transaction. Refused, or Decision does not answer in time: the client gets the answer here.

-- Milliseconds. Decision itself gives up on its store after 50.
local TIMEOUT = 1000

local UPSTREAM = {
    'x-decision-key-id', 'x-decision-organization-id', 'x-decision-alias', 'x-decision-tags', 'x-decision-limits',
}

local CLIENT = {
    'x-decision-id', 'ratelimit', 'ratelimit-policy', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset',
}

local DENIAL = {
    'content-type', 'retry-after', 'www-authenticate', 'x-decision-id', 'x-decision-reason',
    'ratelimit', 'ratelimit-policy', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset',
}

-- Headers of the client that do not go to Decision: those of the connection and the body, and those that only HAProxy may set.
local KEPT_BACK = {
    ['host'] = true, ['connection'] = true, ['keep-alive'] = true, ['transfer-encoding'] = true, ['content-length'] = true, ['expect'] = true,
    ['te'] = true, ['trailer'] = true, ['upgrade'] = true, ['accept-encoding'] = true,
    ['x-forwarded-method'] = true, ['x-forwarded-uri'] = true, ['x-forwarded-host'] = true, ['x-forwarded-for'] = true,
    ['x-original-method'] = true, ['x-original-uri'] = true, ['x-original-host'] = true,
}

-- The values of a header as HAProxy's client wants them: HAProxy counts them from 0.
local function values_of(header)
    local values = {}
    for index = 0, #header do
        values[#values + 1] = header[index]
    end
    return values
end

local function question(txn)
    local headers = {}
    local sent = txn.http:req_get_headers()
    for name, header in pairs(sent) do
        if not KEPT_BACK[name] then
            headers[name] = values_of(header)
        end
    end
    headers['x-forwarded-method'] = { txn.sf:method() }
    headers['x-forwarded-uri'] = { txn.sf:pathq() }
    headers['x-forwarded-host'] = { sent['host'] and sent['host'][0] or '' }
    headers['x-forwarded-for'] = { txn.sf:src() }

    -- Where Callers:File says who may ask:
    -- headers['x-decision-token'] = { "TOKEN" }
    return headers
end

local function first(answer, name)
    local header = answer.headers and answer.headers[name]
    return header and header[0]
end

local function refuse(txn, status, headers, body)
    local reply = txn:reply({ status = status, body = body })
    for name, value in pairs(headers) do
        reply:add_header(name, value)
    end
    txn:done(reply)
end

core.register_action('decision', { 'http-req' }, function(txn, address)
    local client = core.httpclient()
    local answer = client:get({ url = address, headers = question(txn), timeout = TIMEOUT })

    -- 502 to 504 without Decision's own header are HAProxy's client: nobody answered.
    if not answer or not first(answer, 'x-decision-reason') then
        refuse(txn, 503, { ['content-type'] = 'application/json', ['retry-after'] = '1' }, '{"error": "The request could not be decided"}')
        return
    end

    if answer.status ~= 200 then
        local headers = {}
        for _, name in ipairs(DENIAL) do
            headers[name] = first(answer, name)
        end
        refuse(txn, answer.status, headers, answer.body or '')
        return
    end

    for _, name in ipairs(UPSTREAM) do
        txn.http:req_del_header(name)
        local value = first(answer, name)
        if value and value ~= '' then
            txn.http:req_add_header(name, value)
        end
    end
    for _, name in ipairs(CLIENT) do
        local value = first(answer, name)
        if value then
            txn:set_var('txn.' .. name:gsub('-', '_'), value)
        end
    end
end, 1)
