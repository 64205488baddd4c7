# Targets and times of Ruby stacks: ruby targets.rb [rounds]
require 'json'
require 'net/http'
require 'uri'
require 'erb'
require 'cgi'
require 'time'
require 'faraday'

BASE = ENV['STACKS_URL']
ROUNDS = (ARGV[0] || 5).to_i
TEXTS = ["a b", "x+y", "2024-01-10T12:00:00+01:00", "100%", "~user", "it's (ok)!", "a*b", "ü", "咖啡", "a,b;c", "p/q?r", "[x]", "{y}|z", "a@b.c", "$5", "1=1", "a&b", '"q"', "<t>"]
OTHERS = ["", nil, true, false, 0, 1.5, [1, 2], ["a b", "c"], { "k" => "v w" }]
NAMES = ["z", "a", "lang", "ref", "at", "ids", "f"]
HAND = {
  "www" => ->(p) { URI.encode_www_form(p) },
  "cgi" => ->(p) { p.map { |k, v| "#{k}=#{CGI.escape(v.to_s)}" }.join("&") },
  "erb" => ->(p) { p.map { |k, v| "#{k}=#{ERB::Util.url_encode(v.to_s)}" }.join("&") },
  "raw" => ->(p) { p.map { |k, v| "#{k}=#{v}" }.join("&") },
  "sorted" => ->(p) { p.sort.map { |k, v| "#{k}=#{v}" }.join("&") },
}
TIMES = {
  "to_f" => ->(t) { t.to_f.to_s }, "to_f1000" => ->(t) { (t.to_f * 1000).to_s }, "to_s" => ->(t) { t.to_s }, "inspect" => ->(t) { t.inspect },
  "iso8601" => ->(t) { t.iso8601 }, "iso6" => ->(t) { t.utc.iso8601(6) }, "xmlschema3" => ->(t) { t.xmlschema(3) }, "ns" => ->(t) { (t.to_i * 1_000_000_000 + t.nsec).to_s },
  "httpdate" => ->(t) { t.httpdate }, "rfc2822" => ->(t) { t.rfc2822 }, "to_r" => ->(t) { t.to_i.to_s },
}
def body = JSON.generate("paymentRequestId" => "PR_#{rand(1 << 60).to_s(36)}", "paymentAmount" => { "currency" => "USD", "value" => "10000" })
def b64(s) = [s].pack("m0")
def head(stack, target, signed = nil, sent = nil)
  t = (Time.now.to_f * 1000).to_i
  { "X-Stack" => stack, "X-Target" => b64(target), "X-Time" => b64((signed || t).to_s), "Request-Time" => (sent || t).to_s, "Content-Type" => "application/json" }
end
path = "/miniprogram/api/v2/payments/pay"
ROUNDS.times do
  p = NAMES.sample(3).to_h { |n| [n, rand < 0.35 ? OTHERS.sample : TEXTS.sample] }
  how, f = HAND.to_a.sample
  begin
    Faraday.post(BASE + path) { |r| r.params.update(p); r.headers.update(head("rb-faraday-#{how}", "#{path}?#{f.(p)}")); r.body = body }
    uri = URI(BASE + path)
    uri.query = URI.encode_www_form(p)
    Net::HTTP.post(uri, body, head("rb-nethttp-#{how}", "#{path}?#{f.(p)}"))
  rescue => e
    warn e
  end
  TIMES.each { |name, form| t = Time.now; Net::HTTP.post(URI(BASE + path), body, head("rb-time-#{name}", path, form.(t), (t.to_r * 1000).to_i)) }
end
